/* SPDX-License-Identifier: GPL-2.0-only */
"use strict";
/* A slot's name opens its story; what is typed filters the rows of the table below. */
/* Numbers of calls become links to the table of calls. */
const linked = text => text.split(/(\b\d+\b)/).map(part => {
	if (!/^\d+$/.test(part) || !document.getElementById("call-" + part))
		return part;
	const link = document.createElement("a");
	link.href = "#call-" + part;
	link.textContent = part;
	return link;
});
const story = document.getElementById("story");
for (const button of document.querySelectorAll(".heat button")) {
	button.addEventListener("click", () => {
		const row = button.closest("tr"), list = document.createElement("ol");
		const title = document.createElement("h3");
		const kernels = [...row.closest("table").tHead.rows[0].cells].slice(1);
		title.textContent = button.textContent;
		let last = "";
		[...row.cells].slice(1).forEach((cell, i) => {
			const what = cell.firstElementChild ? cell.firstElementChild.title : "not there";
			if (what === last)
				return;
			const item = document.createElement("li");
			item.append("from " + kernels[i].textContent + ": ", ...linked(what));
			list.append(item);
			last = what;
		});
		story.replaceChildren(title, list);
		story.focus();
	});
}
for (const input of document.querySelectorAll("input[data-for]")) {
	input.addEventListener("input", () => {
		const body = document.getElementById(input.dataset.for).tBodies[0];
		for (const row of body.rows)
			row.hidden = !row.textContent.toLowerCase().includes(input.value.toLowerCase());
	});
}
