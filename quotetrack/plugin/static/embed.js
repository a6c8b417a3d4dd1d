// For pages that show quotetrack cards: gives every frame the height of its card, and knows
// <quotetrack-quote src="https://archive.example/s/UID" theme="dark" accent="0a5">what is shown without
// scripts</quotetrack-quote>. theme: light, dark or auto; accent: a hex colour for the card's edge.
(function () {
  if (window.quotetrackEmbed) return;
  window.quotetrackEmbed = true;
  window.addEventListener("message", function (event) {
    var data = event.data;
    if (!data || data.message !== "height" || typeof data.value !== "number") return;
    document.querySelectorAll("iframe.quotetrack-embed").forEach(function (frame) {
      if (frame.contentWindow === event.source) frame.style.height = Math.min(Math.max(data.value, 80), 1600) + "px";
    });
  });
  customElements.define("quotetrack-quote", class extends HTMLElement {
    connectedCallback() {
      if (this.querySelector("iframe") || !URL.canParse(this.getAttribute("src") || "", location.href)) return;
      var address = new URL(this.getAttribute("src") || "", location.href);
      if (!/^https?:$/.test(address.protocol) || !/\/(s|embed)\/[\w-]+$/.test(address.pathname)) return;
      address.pathname = address.pathname.replace(/\/s\/([\w-]+)$/, "/embed/$1");
      ["theme", "accent"].forEach(function (name) {
        if (this.getAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
      }, this);
      var frame = document.createElement("iframe");
      frame.className = "quotetrack-embed";
      frame.src = address.href;
      frame.title = this.getAttribute("title") || "Quote";
      frame.setAttribute("sandbox", "allow-scripts allow-popups allow-popups-to-escape-sandbox");
      frame.setAttribute("loading", "lazy");
      frame.style.cssText = "border:0;width:100%;max-width:640px;height:220px";
      this.replaceChildren(frame);
    }
  });
})();
