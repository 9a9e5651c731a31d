# SPDX-License-Identifier: GPL-2.0-only
# The tables of rules in docs/, which alone hold the numbers: rows `| N | what holds | ...` below
# a head `| rule | ...`.
RULE_DOCS := $(wildcard docs/*.md)
$(GEN)/rules.inc: $(RULE_DOCS) tools/run/rules.mk
	$(call say,RULES,$@)
	$(mkdir)
	$(Q)awk -F' *[|] *' 'FNR == 1 { doc = FILENAME; gsub(/.*\/|\.md$$/, "", doc); on = 0 } \
		!/^[|]/ { on = 0 } $$2 == "rule" { on = 1 } \
		on && $$2 ~ /^[0-9]+$$/ { gsub(/[\\"]/, "\\\\&", $$3); \
			printf "{ \"%s.%s\", \"%s\" },\n", doc, $$2, $$3 }' $(RULE_DOCS) > $@
$(BUILD)/host/tools/run/rules.o $(BUILD)/asan/tools/run/rules.o: $(GEN)/rules.inc
