// Shows a moment in the reader's time zone; exact in UTC when the pointer rests on it. Its text without this script is in UTC.
customElements.define('local-time', class extends HTMLElement {
  static observedAttributes = ['datetime'];
  constructor() {
    super();
    this.text = this.attachShadow({ mode: 'open' }).appendChild(document.createElement('time'));
  }
  attributeChangedCallback(_name, _old, value) {
    const moment = new Date(value);
    const pad = n => String(n).padStart(2, '0');
    this.text.dateTime = value;
    this.text.textContent =
      `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())} ` +
      `${pad(moment.getHours())}:${pad(moment.getMinutes())}:${pad(moment.getSeconds())}`;
  }
});
