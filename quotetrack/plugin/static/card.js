// Tells the page around the frame how high the card is, and takes links out through it where the frame may
// not open windows (WordPress: sandbox="allow-scripts", secret in the fragment).
(function () {
  var secret = (location.hash.match(/secret=([A-Za-z0-9]+)/) || [])[1] || "";
  function tell(message, value) {
    if (window.parent !== window) window.parent.postMessage({ message: message, value: value, secret: secret }, "*");
  }
  function height() { tell("height", Math.ceil(document.body.offsetHeight)); }
  document.addEventListener("DOMContentLoaded", height);
  window.addEventListener("load", height);
  window.addEventListener("resize", height);
  window.addEventListener("message", function (event) { if (event.data && event.data.message === "ready") height(); });
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (link && secret) { event.preventDefault(); tell("link", link.href); }
  });
})();
