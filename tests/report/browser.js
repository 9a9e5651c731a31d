/* SPDX-License-Identifier: GPL-2.0-only */
/* Put behind a copy of the page: uses it as a reader does; the verdicts become the document's end. */
"use strict";
{
	const out = document.createElement("pre"), all = q => [...document.querySelectorAll(q)];
	const check = (name, good) => { out.textContent += (good ? "\nok " : "\nnot ok ") + name; };
	const shown = q => all(q).filter(e => !e.hidden).length;
	const light = rgb => rgb.match(/\d+/g).slice(0, 3).map(v => v / 255)
		.map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
	const contrast = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
	const behind = e => { for (; e; e = e.parentElement) {
		const c = getComputedStyle(e).backgroundColor;
		if (!c.startsWith("rgba(0, 0, 0, 0"))
			return c;
	} return "rgb(255, 255, 255)"; };

	const button = all(".heat button").find(b => b.textContent === "read_cr2");
	button.focus();
	check("a slot takes the focus", document.activeElement === button);
	button.click();
	check("its story opens", document.querySelector("#story h3")?.textContent === "read_cr2" &&
		shown("#story li") > 1 && document.activeElement.id === "story");
	check("its calls lead to the reference", shown("#story a") > 0 &&
		all("#story a").every(a => document.querySelector(a.hash)?.textContent.startsWith(a.textContent)));
	const filter = document.querySelector("input[data-for=heat]"), before = shown(".heat tbody tr");
	filter.value = "CR3";
	filter.dispatchEvent(new Event("input"));
	check("a filter leaves what contains it", shown(".heat tbody tr") > 0 && shown(".heat tbody tr") < before &&
		all(".heat tbody tr").every(r => r.hidden !== r.textContent.toLowerCase().includes("cr3")));
	filter.value = "";
	filter.dispatchEvent(new Event("input"));
	check("an empty filter shows all", shown(".heat tbody tr") === before);
	const folds = all("#census ~ details"), guest = document.getElementById("census-guest32");
	check("a census of each guest, folded", folds.length === 7 && folds.every(d => !d.open && d.querySelector("summary")));
	guest.querySelector("summary").click();
	check("a census opens", guest.open && guest.querySelector("table").offsetHeight > 0 &&
		all("#census-guest32-rows tbody tr").length === 2);
	check("its call leads to the reference", guest.querySelector("td a").hash === "#call-33");
	folds.forEach(d => { d.open = true; });
	check("a guest without a run is missing", folds.filter(d => d.querySelector(".missing")).length === 4 &&
		folds.every(d => !d.querySelector(".missing") === !!d.querySelector("table")));
	const type = (id, text) => {
		const field = document.querySelector(`input[data-for=${id}]`);
		field.value = text;
		field.dispatchEvent(new Event("input"));
		return all(`#${id} tbody tr`).filter(r => r.offsetHeight > 0).map(r => r.cells[0].textContent).join();
	};
	check("a census is filtered", type("census-guest32-rows", "iret") === "ops.x<b>" &&
		type("census-guest32-rows", "") === "ops.x<b>,ops.y");
	const row = type("beside-golden-rows", "7 lines") && [...document.querySelector("#beside-golden-rows tbody tr").cells];
	check("redesigns side by side", row && row.map(c => c.textContent).join("|") ===
		"ops.x<b>|native: IRET|no run|adapter, 7 lines: IRET|no run");
	check("they are filtered", type("beside-golden-rows", "not exist") === "ops.y" &&
		type("beside-golden-rows", "") === "ops.x<b>,ops.y");
	check("redesigns without a run have no table", !document.getElementById("beside-today-rows"));
	check("language and title", document.documentElement.lang === "en" && document.title !== "");
	check("every table has a caption, every head a scope", all("table").length > 0 &&
		all("table").every(t => t.caption) && all("th").every(t => t.scope));
	check("every field has a label", all("input").length > 0 && all("input").every(i => i.labels.length));
	check("every button has a name", all("button").every(b => b.textContent.trim()));
	check("what scrolls can be reached", all(".wide").every(w => w.tabIndex === 0 && w.getAttribute("role")));
	check("no id stands twice", new Set(all("[id]").map(e => e.id)).size === all("[id]").length);
	check("every link leads somewhere", all("a").every(a => document.getElementById(a.hash.slice(1))));
	check("one h1, one main", all("h1").length === 1 && all("main").length === 1);
	check("nothing is wider than the window", document.documentElement.scrollWidth <= innerWidth);
	check("contrast of 4.5", all("p, a, h1, h2, h3, summary, small, th, td, td span, button, caption, label, .key span, code")
		.every(e => contrast(getComputedStyle(e).color, behind(e)) >= 4.5));
	check("nothing is loaded", performance.getEntriesByType("resource").filter(r => !r.name.startsWith("data:")).length === 0);
	check("as asked: " + [innerWidth, matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"], true);
	document.body.append(out);
	if (parent !== window)
		parent.postMessage(out.textContent, "*");
}
