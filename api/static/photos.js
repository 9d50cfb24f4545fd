// Shows or hides what was recognised in the photos.

const check = document.getElementById("boxes");
check?.addEventListener("change", () => document.body.classList.toggle("without-boxes", !check.checked));
