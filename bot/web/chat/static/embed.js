/* 对话青春 in another site: <script src="https://HOST/chat/embed.js" async></script> */
(() => {
  'use strict';
  const script = document.currentScript;
  if (!script || window.duihuaEmbedded) return;
  window.duihuaEmbedded = true;
  const host = new URL(script.src).origin;
  const css = `
    :host { all: initial; }
    button { position: fixed; z-index: 2147483000; right: max(16px, env(safe-area-inset-right)); bottom: max(20px, env(safe-area-inset-bottom));
      width: 60px; height: 60px; padding: 0; border: 0; border-radius: 50%; background: #0b6a62; cursor: pointer; box-shadow: 0 6px 20px rgba(0, 0, 0, .25); }
    button:hover { background: #095a53; }
    button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #0b6a62; }
    svg { display: block; width: 36px; height: 36px; margin: auto; }
    iframe { position: fixed; z-index: 2147483001; right: 20px; bottom: 20px; width: 400px; height: 640px; max-width: calc(100vw - 40px); max-height: calc(100vh - 40px);
      border: 0; border-radius: 18px; background: #f4f6f4; box-shadow: 0 16px 56px rgba(0, 0, 0, .3); }
    [hidden] { display: none; }
    @media (prefers-color-scheme: dark) { iframe { background: #0f1514; } }
    @media (max-width: 479px) { iframe { left: 0; top: 0; right: 0; bottom: 0; width: 100%; height: 100%; max-width: none; max-height: none; border-radius: 0; } }`;

  const make = (tag, attributes, parent, ns) => {
    const node = ns ? document.createElementNS(ns, tag) : document.createElement(tag);
    for (const name in attributes) node.setAttribute(name, attributes[name]);
    parent.appendChild(node);
    return node;
  };

  function start() {
    const holder = make('duihua-chat', {}, document.body);
    const root = holder.attachShadow({ mode: 'open' });
    try { // a made sheet passes the strictest policy of the site around it
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
    } catch (_) {
      make('style', {}, root).textContent = css;
    }
    const button = make('button', { type: 'button', 'aria-label': '问小同：就业问答', 'aria-expanded': 'false' }, root);
    const svg = 'http://www.w3.org/2000/svg';
    const mark = make('svg', { viewBox: '8 10 48 48', 'aria-hidden': 'true' }, button, svg);
    make('path', { fill: '#fff', d: 'M20 12h24a10 10 0 0 1 10 10v16a10 10 0 0 1-10 10H31l-9.6 7.4A1.5 1.5 0 0 1 19 54.2V48a9.5 9.5 0 0 1-9-10V22a10 10 0 0 1 10-10z' }, mark, svg);
    make('path', { fill: '#0b6a62', d: 'M31 30.5C22.5 31 18.5 27 18 20c8.5-.5 12.5 3.5 13 10.5zM33.5 34c7.5.2 11.3-3.2 12-9.5-7.5-.4-11.5 3-12 9.5zM30.2 30h3.6v11a1.8 1.8 0 0 1-3.6 0z' }, mark, svg);
    let frame = null;

    const show = (open) => {
      if (open && !frame) frame = make('iframe', { src: host + '/chat?embed=1', title: '小同 · 对话青春', allow: 'clipboard-write' }, root);
      else if (!frame || frame.hidden !== open) return;
      frame.hidden = !open;
      button.hidden = open;
      button.setAttribute('aria-expanded', String(open));
      (open ? frame : button).focus();
    };
    button.addEventListener('click', () => show(true));
    document.addEventListener('keydown', (event) => { if (event.key === 'Escape') show(false); });
    window.addEventListener('message', (event) => {
      if (frame && event.source === frame.contentWindow && event.origin === host && event.data && event.data.duihua === 'close') show(false);
    });
  }

  if (document.body) start();
  else document.addEventListener('DOMContentLoaded', start);
})();
