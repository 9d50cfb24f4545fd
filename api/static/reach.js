// A part that scrolls sideways can be reached, and so scrolled, by keyboard; others need no stop.

const parts = document.querySelectorAll(".tally");

new ResizeObserver(() => {
  for (const part of parts) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
  }
}).observe(document.body);
