// A page that is only passed through: presses its one button.
(() => {
  "use strict";
  const form = document.querySelector("[data-onward] form");
  if (form) form.requestSubmit();
})();
