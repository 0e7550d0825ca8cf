// The theme is the server's: it arrives as data-theme on html and is saved by the form around the choice.
// Here a choice is only shown at once, before it is saved.
on("change", event => {
  if (event.target.matches('input[name="theme"]')) root.dataset.theme = event.target.value;
});
