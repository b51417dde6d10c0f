// Keeps the address bar at the open project and step, so that a reload or a copied address comes
// back to the same place. Runs after actions.js in the same function.

const keepAddress = () => {
	const header = element.querySelector("header[data-step]");
	if (!header) return;
	const address = new URL(window.location.href);
	const { project, step, title } = header.dataset;
	if (project) address.searchParams.set("project", project);
	else address.searchParams.delete("project");
	address.searchParams.set("step", step);
	if (address.href !== window.location.href) history.replaceState(null, "", address);
	document.title = title;
	const current = element.querySelector('.steps [aria-current="step"]');
	const list = element.querySelector(".steps");
	if (current && list.scrollWidth > list.clientWidth) {
		list.scrollTo({ left: current.parentElement.offsetLeft - list.clientWidth / 3 });
	}
};

let shown = null;
watch("value", () => {
	keepAddress();
	const step = element.querySelector("header")?.dataset.step;
	if (shown !== null && step !== shown) window.scrollTo({ top: 0 });
	shown = step;
});
