/* SPDX-License-Identifier: GPL-2.0-only */
"use strict";
/* A slot's name opens its story; what is typed filters the rows of the table below. */
const names = { D: "direct", A: "adapt", C: "compose", N: "native", X: "inexpressible" };
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
			item.textContent = "from " + kernels[i].textContent + ": " + what;
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
