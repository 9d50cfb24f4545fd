// Light or dark, before anything is drawn: as chosen, else as the device is set. A plain script,
// for modules run too late.

(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function apply() {
    const chosen = localStorage.getItem("stadsronde-look") ?? "auto";
    const device = dark.matches ? "dark" : "light";
    document.documentElement.dataset.look = chosen === "auto" ? device : chosen;
    window.dispatchEvent(new Event("look-changed"));
  }

  dark.addEventListener("change", apply);
  window.addEventListener("look-chosen", apply);
  apply();
})();
