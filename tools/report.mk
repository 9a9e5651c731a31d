# SPDX-License-Identifier: GPL-2.0-only
# pvrom report, with its style and script inside, and the page of this tree's last runs.
REPORT_PAGE := tools/report/page.css tools/report/page.js
$(BUILD)/host/tools/report/page.o $(BUILD)/asan/tools/report/page.o: $(REPORT_PAGE)
.PHONY: report
report: all ## what the last runs found, as a page: build/report/index.html
	$(Q)mkdir -p $(BUILD)/report
	$(Q)tools/report/cells.sh $(BUILD)/report
	$(Q)$(BUILD)/pvrom report --results $(BUILD)/report --output $(BUILD)/report/index.html \
		--commit "$$(git describe --always --dirty 2>/dev/null || echo unknown)"
