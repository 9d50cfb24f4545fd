// "Where I am": asked of the device only when pressed, rounded, and sent once.

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
