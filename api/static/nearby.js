// "Where I am": asked of the device only when pressed, rounded, and sent once.

import { shrunk } from "./driver/sealed.js";
import { el } from "./elements.js";

const button = document.getElementById("here");
const form = button.form;

if (navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      form.elements.address.value = "";
      form.elements.lon.value = coords.longitude.toFixed(3);
      form.elements.lat.value = coords.latitude.toFixed(3);
      form.submit();
    }, () => {
      button.hidden = true;
      form.elements.address.focus();
    });
  });
}

// "This one is full", and a photo of it, which is made small and loses what the camera wrote into it.

const list = document.querySelector(".nearby__list");

for (const report of document.querySelectorAll(".report")) {
  report.hidden = false;
  report.addEventListener("click", async () => {
    report.disabled = true;
    const { container } = report.dataset;
    const said = el("p", { role: "status" });
    report.after(said);
    const isKept = await sent(said, list.dataset.thanks, "POST", "/v1/resident-reports", "application/json", JSON.stringify({ containerId: container }));
    if (!isKept) return;
    const input = el("input", { type: "file", accept: "image/*", capture: "environment" });
    said.after(el("label", { class: "nearby__photo" }, list.dataset.photo, input));
    input.addEventListener("change", () => add(input, said, container));
    input.focus();
  });
}

async function add(input, said, container) {
  const [file] = input.files;
  if (!file) return;
  const photo = await shrunk(file).catch(() => null);
  if (!photo) {
    said.textContent = list.dataset.unread;
    return;
  }
  input.disabled = true;
  const address = `/v1/resident-reports/${encodeURIComponent(container)}/photo`;
  input.disabled = await sent(said, list.dataset.sent, "PUT", address, "image/jpeg", photo);
}

async function sent(said, thanks, method, address, type, body) {
  try {
    const { ok } = await fetch(address, { method, headers: { "Content-Type": type }, body });
    said.textContent = ok ? thanks : list.dataset.failed;
    return ok;
  } catch {
    said.textContent = list.dataset.failed;
    return false;
  }
}
