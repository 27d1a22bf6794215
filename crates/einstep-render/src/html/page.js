// No sign here is one that HTML or XML would read as its own.
//
// What follows the pointer or the focus: the parts that a step exchanged, and the same delta in the other lines of its chain.
"use strict";
{
  const clear = (name) => document.querySelectorAll(`.${name}`).forEach((found) => found.classList.remove(name));

  const show = (event) => {
    const step = event.target.closest(".step");
    ["now", "before", "same"].forEach(clear);
    document.querySelectorAll("[aria-current]").forEach((found) => found.removeAttribute("aria-current"));
    if (!step) return;
    step.classList.add("now");
    step.setAttribute("aria-current", "step");
    let before = step.previousElementSibling;
    if (before?.matches(".drawing")) before = before.previousElementSibling;
    before?.classList.add("before");
    const one = event.target.closest(".delta");
    const deltas = new Set((one ? [one] : [...step.querySelectorAll(".delta")]).map((delta) => delta.dataset.delta));
    for (const delta of step.closest(".chain").querySelectorAll(".delta")) {
      if (deltas.has(delta.dataset.delta)) delta.classList.add("same");
    }
  };

  // What scrolls below a pointer at rest is not meant.
  let pointed = null;
  document.addEventListener("pointermove", (event) => {
    if (event.target !== pointed) show(event);
    pointed = event.target;
  });
  document.addEventListener("focusin", (event) => {
    show(event);
    pointed = null;
  });

  const trace = new Blob([document.getElementById("trace").textContent], { type: "application/json" });
  document.getElementById("download").href = URL.createObjectURL(trace);
}
