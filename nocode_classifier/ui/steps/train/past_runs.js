// Unfolds the older trainings.
element.addEventListener("click", (event) => {
	if (event.target.closest("[data-unfold]")) element.querySelector(".past").classList.add("all");
});
