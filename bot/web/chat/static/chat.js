/* The chat page: one log, one WebSocket, and an outbox that outlives both.
   Text from people and from the server only ever becomes text nodes. Written for browsers from 2019 on. */
(() => {
  'use strict';

  const $ = (id) => document.getElementById(id);
  const LIMIT = Number(document.body.dataset.limit) || 2000;
  const EMBED = document.body.classList.contains('embed');
  const REASONS = ['不准确', '没答到点上', '过时', '看不懂', '其他'];
  const [app, scroller, log, box, sendButton] = ['app', 'scroll', 'log', 'box', 'send'].map($);
  const fine = window.matchMedia('(pointer: fine)').matches;

  /* ---- small things to build with ---- */

  /** An element; children are nodes or text, null is left out. */
  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.slice(0, 2) === 'on') node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, '');
      else if (value !== null && value !== false) node.setAttribute(name, value);
    }
    for (const child of children) if (child !== null && child !== undefined) node.append(child);
    return node;
  }

  function button(label, onclick, attributes) {
    return el('button', Object.assign({ type: 'button', onclick }, attributes), label);
  }

  function icon(name) {
    const ns = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(ns, 'svg');
    const use = document.createElementNS(ns, 'use');
    svg.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', '#i-' + name);
    svg.appendChild(use);
    return svg;
  }

  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (b) => (b + 256).toString(16).slice(1)).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  function say(text) {
    $('status').textContent = text;
  }

  /* ---- time, as read in Datong ---- */

  let ahead = 0; // the server's clock minus ours, in ms
  const now = () => Date.now() + ahead;
  const two = (n) => String(n).padStart(2, '0');

  function spoken(ms) {
    const at = new Date(ms + 288e5), today = new Date(now() + 288e5);
    const day = (d) => Math.floor(d.getTime() / 864e5);
    const ago = day(today) - day(at);
    const clock = two(at.getUTCHours()) + ':' + two(at.getUTCMinutes());
    const date = (at.getUTCMonth() + 1) + '月' + at.getUTCDate() + '日';
    if (ago >= 0 && ago < 3) return ['今天', '昨天', '前天'][ago] + ' ' + clock;
    return (at.getUTCFullYear() === today.getUTCFullYear() ? '' : at.getUTCFullYear() + '年') + date + ' ' + clock;
  }

  const spokenDay = (iso) => iso.replace(/^(\d+)-0?(\d+)-0?(\d+).*$/, '$1年$2月$3日');

  /* ---- outbox: what was said and not yet confirmed, one record each, so that two tabs do not overwrite ---- */

  const outbox = {
    prefix: 'duihua.out.',
    entries: new Map(),
    open() {
      try {
        for (let i = 0; i < localStorage.length; i++) {
          const name = localStorage.key(i);
          if (name.indexOf(this.prefix) !== 0) continue;
          const entry = JSON.parse(localStorage.getItem(name));
          if (entry.frame.type === 'feedback' && Date.now() - entry.n > 864e5) localStorage.removeItem(name);
          else this.entries.set(entry.key, entry);
        }
      } catch (_) { /* storage is off: the outbox lives as long as the page */ }
    },
    put(entry) {
      this.entries.set(entry.key, entry);
      try { localStorage.setItem(this.prefix + entry.key, JSON.stringify(entry)); } catch (_) { /* as above */ }
    },
    drop(key) {
      const entry = this.entries.get(key);
      this.entries.delete(key);
      try { localStorage.removeItem(this.prefix + key); } catch (_) { /* as above */ }
      return entry;
    },
    waiting() {
      return Array.from(this.entries.values()).filter((e) => !e.failed).sort((a, b) => a.n - b.n);
    },
  };

  let lastN = 0;
  function queue(frame, more) {
    lastN = Math.max(Date.now(), lastN + 1);
    const entry = Object.assign({ key: frame.key, n: lastN, frame }, more);
    outbox.put(entry);
    transmit(entry);
    return entry;
  }

  /* ---- text with links ---- */

  const LINKS = /https?:\/\/[!-~]+|www\.[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[!-~]*)?|0\d{2,3}-\d{7,8}|400-?\d{3}-?\d{4}|123\d\d|12110|9[56]\d{3,4}|1(?:10|14|19|20)/gi;

  function safe(url) {
    return /^https?:\/\//i.test(url || '') || /^\/[^/\\]/.test(url || '') ? url : null;
  }

  function link(url, label) {
    return el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, label);
  }

  /** Whether digits stand alone as a number to call: no amount, no date, no part of something longer. */
  function callable(text, from, found) {
    const before = text.charAt(from - 1), after = text.slice(from + found.length, from + found.length + 2);
    if (/[\w.¥￥%第/-]/.test(before)) return false;
    if (/^[\w%％元万亿块]|^[.．:-]\d|^\.[a-z]/i.test(after)) return false;
    return found.length > 3 || !/^[多余来]?[个天人年月日号条名小分秒岁倍项次平米千百家所场集期章米]/.test(after);
  }

  function linked(parent, text) {
    let done = 0, match;
    LINKS.lastIndex = 0;
    while ((match = LINKS.exec(text))) {
      let found = match[0], node = null;
      if (/^(http|www)/i.test(found)) {
        found = found.replace(/[.,;:!?'")\]]+$/, '');
        node = link(/^www/i.test(found) ? 'http://' + found : found, found);
      } else if (callable(text, match.index, found)) {
        node = el('a', { href: 'tel:' + found.replace(/-/g, '') }, found);
      }
      LINKS.lastIndex = match.index + found.length;
      if (!node) continue;
      parent.append(text.slice(done, match.index), node);
      done = match.index + found.length;
    }
    parent.append(text.slice(done));
    return parent;
  }

  function paragraph(text, links) {
    const p = el('p');
    for (const line of text.split('\n')) {
      const bullet = /^\s*[·•\-]\s/.test(line), number = /^\s*(\d{1,2}[.、）)]|[①-⑳])/.test(line);
      const node = el('span', { class: 'line' + (bullet || number ? ' item' : '') + (number ? ' num' : '') });
      if (links) linked(node, line); else node.textContent = line;
      p.append(node);
    }
    return p;
  }

  /** “【题名】谁能领：” on a line of its own at the top of an answer, after a lead too, or the term before its meaning. */
  function headed(paragraphs) {
    if (paragraphs.length > 1 && !paragraphs[0].includes('【') && /^【/.test(paragraphs[1])) {
      return Object.assign(headed(paragraphs.slice(1)), { before: paragraphs[0] });
    }
    const lines = (paragraphs[0] || '').split('\n');
    for (let i = 0; i < Math.min(2, lines.length); i++) {
      const match = /^(.{0,30}[。：])?【([^】]{1,40})】(.*)$/.exec(lines[i]);
      if (!match) continue;
      const label = /^[^：]{1,12}：$/.test(match[3]) ? match[3].slice(0, -1) : '';
      const before = lines.slice(0, i).concat(match[1] || []).join('\n');
      const rest = lines.slice(i + 1);
      if (match[3] && !label) rest.unshift(match[3]);
      return { before, title: match[2], label, paragraphs: [rest.join('\n')].concat(paragraphs.slice(1)).filter(Boolean) };
    }
    return { before: '', title: '', label: '', paragraphs };
  }

  /* ---- one message ---- */

  const list = []; // items as shown: stored ones by id, then what is on its way
  const byId = new Map(), byKey = new Map();
  let conversation = null, ready = false, filling = false;
  const lastId = () => list.reduce((top, item) => Math.max(top, item.id || 0), 0);

  function chips(choices, name) {
    if (!choices || !choices.length) return null;
    return el('div', { class: 'chips', role: 'group', 'aria-label': name },
      ...choices.map((choice) => button(choice.label, () => press(choice), { class: 'chip' })));
  }

  /** What a search was understood to want; pressing one takes it off. */
  function filters(choices) {
    if (!choices || !choices.length) return null;
    return el('div', { class: 'chips filters', role: 'group', 'aria-label': '查找条件，点一下去掉' },
      ...choices.map((choice) => button(choice.label, () => press(choice), { class: 'chip', 'aria-label': '去掉 ' + choice.label })));
  }

  /** Days to choose among, the times of the chosen one below. */
  function days(all) {
    if (!all || !all.length) return null;
    const times = el('div', { class: 'chips times', role: 'group' });
    const show = (at) => {
      tabs.forEach((tab, i) => tab.setAttribute('aria-pressed', String(i === at)));
      times.setAttribute('aria-label', all[at].label + '的时间');
      times.textContent = '';
      times.append(...all[at].choices.map((choice) => button(choice.label, () => press(choice), { class: 'chip' })));
    };
    const tabs = all.map((day, i) => button(day.label, () => show(i), { class: 'day' }));
    show(0);
    return el('div', { class: 'picker' }, el('div', { class: 'days', role: 'group', 'aria-label': '哪一天' }, ...tabs), times);
  }

  function card(data) {
    const url = data.link && safe(data.link.url), image = data.image && safe(data.image.url);
    return el('section', { class: 'card' },
      el('h3', null, data.title || '', data.badge ? el('span', { class: 'badge' }, data.badge) : null),
      ...(data.lines || []).map((line) => linked(el('p'), line)),
      image ? el('img', { src: image, alt: data.image.label, loading: 'lazy' }) : null,
      url ? link(url, data.link.label || url) : null,
      chips(data.choices, '可以选'));
  }

  function meta(message) {
    const source = message.source, url = source && safe(source.url);
    const tail = [message.caveat, message.checked && '核对于 ' + spokenDay(message.checked)].filter(Boolean);
    if (!source && !tail.length) return null;
    return el('div', { class: 'meta' },
      source ? el('p', null, url ? link(url, source.text) : source.text) : null,
      tail.length ? el('p', null, message.caveat ? el('b', null, message.caveat) : null,
        message.caveat && message.checked ? ' · ' : null, message.checked ? tail[tail.length - 1] : null) : null);
  }

  function body(message, own) {
    const head = own ? { paragraphs: [message.text] } : headed(message.paragraphs && message.paragraphs.length ? message.paragraphs : [message.text || '']);
    const text = el('div', { class: 'body' }, ...head.paragraphs.map((p) => paragraph(p, !own)));
    return el('div', { class: 'bubble' },
      head.before ? paragraph(head.before, true) : null,
      head.title ? el('h2', { class: 'title' }, head.title, head.label ? el('span', null, head.label) : null) : null,
      text,
      filters(message.filters),
      ...(message.cards || []).map(card),
      days(message.days),
      own ? null : meta(message));
  }

  function draw(item) {
    const message = item.message, own = item.own;
    const node = el('article', { class: 'msg ' + (own ? 'me' : 'bot ' + (message.kind || 'reply')) + (item.id || !own ? '' : ' pending') },
      own || !message.by ? el('span', { class: 'sr' }, own ? '我说：' : message.kind === 'staff' ? '提示：' : '小同说：')
        : el('p', { class: 'by' }, message.by, el('span', { class: 'sr' }, '说：')),
      body(message, own));
    if (own) node.append(el('div', { class: 'state' }));
    else {
      const choices = chips(message.choices, '可以接着点');
      if (choices) node.append(choices);
      if (message.rateable && item.id) node.append(rating(item));
    }
    item.node = node;
    if (!filling) node.classList.add('fresh');
  }

  function foldLong(items) {
    const long = items.filter(({ node }) => {
      const text = node.querySelector('.body');
      const lines = text.scrollHeight / (parseFloat(getComputedStyle(text).lineHeight) || 29);
      return lines > 15 || (text.textContent.length > 420 && lines > 10);
    });
    for (const { node } of long) {
      const text = node.querySelector('.body');
      const set = (open) => {
        text.classList.toggle('folded', !open);
        toggle.setAttribute('aria-expanded', String(open));
        toggle.textContent = open ? '收起' : '展开全文';
      };
      const toggle = button('', () => {
        set(text.classList.contains('folded'));
        if (node.getBoundingClientRect().top < scroller.getBoundingClientRect().top) node.scrollIntoView();
      }, { class: 'fold' });
      text.after(toggle);
      text.addEventListener('focusin', () => set(true));
      set(false);
    }
  }

  /* ---- the log ---- */

  function rank(a, b) {
    if (a.id && b.id) return a.id - b.id;
    if (a.id || b.id) return a.id ? -1 : 1;
    return a.n - b.n;
  }

  function place(item) {
    const old = list.indexOf(item);
    if (old >= 0) list.splice(old, 1);
    let at = list.length;
    while (at > 0 && rank(list[at - 1], item) > 0) at--;
    list.splice(at, 0, item);
    const next = list[at + 1] ? list[at + 1].node : null;
    if (!item.node.parentNode || item.node.nextElementSibling !== next) log.insertBefore(item.node, next);
  }

  /** Put what depends on neighbours right: times, the newest reply's choices, the greeting, what is under mine. */
  function settle() {
    let before = null, newest = null;
    list.forEach((item, i) => {
      const ms = item.at, shown = item.id && !isNaN(ms) &&
        (before === null || ms - before > 6e5 || Math.floor((ms + 288e5) / 864e5) !== Math.floor((before + 288e5) / 864e5));
      const greeting = i === 0 && !item.own && !item.message.rateable && (item.message.choices || []).length > 0;
      let when = item.node.querySelector('.when');
      if (shown && !greeting) {
        if (!when) item.node.prepend((when = el('p', { class: 'when' })));
        if (when.textContent !== spoken(ms)) when.textContent = spoken(ms);
      } else if (when) when.remove();
      if (item.id && !isNaN(ms) && !greeting) before = ms;
      if (greeting && !item.node.classList.contains('greeting')) {
        item.node.classList.add('greeting');
        item.node.prepend(el('img', { src: document.querySelector('.mark').getAttribute('src'), alt: '', width: 52, height: 52 }));
      }
      if (!item.own) newest = item;
      if (item.own) state(item);
    });
    for (const item of list) item.node.classList.toggle('latest', item === newest);
  }

  function state(item) {
    const line = item.node.querySelector('.state'), entry = outbox.entries.get(item.key);
    const kind = item.id ? 'sent' : entry && entry.failed ? 'failed' : 'pending';
    const text = kind === 'sent' ? '已送达' : kind === 'failed' ? entry.failed : ready ? '发送中…' : '还没发出，连上就发';
    ['sent', 'failed', 'pending'].forEach((name) => item.node.classList.toggle(name, name === kind));
    if (line.dataset.text === text) return;
    line.dataset.text = text;
    line.textContent = text;
    if (kind !== 'failed') return;
    if (entry.keep) line.append(button('重发', () => again(item), { class: 'plain' }));
    line.append(button(entry.keep ? '不发了' : '知道了', () => { outbox.drop(item.key); remove(item); }, { class: 'plain' }));
  }

  function remove(item) {
    list.splice(list.indexOf(item), 1);
    if (item.id) byId.delete(item.id);
    if (item.key) byKey.delete(item.key);
    item.node.remove();
    settle();
  }

  function clear(keep) {
    for (const item of list.slice()) {
      if (keep(item)) continue;
      list.splice(list.indexOf(item), 1);
      byId.delete(item.id);
      byKey.delete(item.key);
      item.node.remove();
    }
    unread = null;
    $('pill').hidden = true;
    const earlier = log.querySelector('.earlier');
    if (earlier) earlier.remove();
  }

  /** Take in a message from the server; one already held, by id or by key, only gets what it lacked. */
  function take(message) {
    const own = message.from === 'me';
    const at = Date.parse(message.at);
    let item = own && message.key ? byKey.get(message.key) : null;
    if (own && message.key) outbox.drop(message.key);
    if (item) {
      const text = item.message.text;
      confirm(item, message.id, at);
      if (text !== message.text) { // numbers were masked on the way into the record
        item.message.text = message.text;
        item.node.querySelector('.bubble').replaceWith(body(message, true));
        foldLong([item]);
      }
      return null;
    }
    if (byId.has(message.id)) return null;
    item = { id: message.id, key: own ? message.key : null, own, at, message };
    if (item.id) byId.set(item.id, item);
    if (item.key) byKey.set(item.key, item);
    draw(item);
    place(item);
    return item;
  }

  function confirm(item, id, at) {
    outbox.drop(item.key);
    if (item.id) return;
    item.id = id;
    item.at = at;
    byId.set(id, item);
    place(item);
  }

  function pendingBubble(entry) {
    if (byKey.has(entry.key)) return;
    const item = { id: null, key: entry.key, n: entry.n, own: true, at: entry.n, message: { text: entry.text } };
    byKey.set(entry.key, item);
    draw(item);
    place(item);
    return item;
  }

  function fill(messages, more) {
    filling = true;
    log.setAttribute('aria-live', 'off'); // history is there to read, not to be read out
    if (more) log.prepend(el('p', { class: 'earlier' }, '更早的消息没有显示'));
    const added = messages.map(take).filter(Boolean);
    for (const entry of outbox.entries.values()) {
      if (entry.text !== undefined) {
        const item = pendingBubble(entry);
        if (item) added.push(item);
      }
    }
    settle();
    foldLong(added);
    filling = false;
    setTimeout(() => log.setAttribute('aria-live', 'polite'), 300);
  }

  /* ---- scrolling ---- */

  let stuck = true, unread = null;
  const gap = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  const atEnd = () => gap() < 90;

  function toEnd() {
    stuck = true;
    scroller.scrollTop = scroller.scrollHeight;
  }

  /** After new messages: stay at the end, but never scroll the beginning of a long reply out of sight. */
  function follow(item, was) {
    if (item.own || !was) {
      if (item.own) toEnd();
      else if (!unread) { unread = item; $('pill').hidden = false; }
      return;
    }
    const top = item.node.offsetTop - 12;
    const end = scroller.scrollHeight - scroller.clientHeight;
    scroller.scrollTop = Math.min(end, Math.max(top, scroller.scrollTop));
    stuck = atEnd();
  }

  scroller.addEventListener('scroll', () => {
    stuck = atEnd();
    const seen = unread && unread.node.offsetTop < scroller.scrollTop + scroller.clientHeight - 60;
    if (stuck || seen) { unread = null; $('pill').hidden = true; }
  }, { passive: true });

  $('pill').addEventListener('click', () => {
    if (unread) scroller.scrollTop = Math.min(unread.node.offsetTop - 12, scroller.scrollHeight);
    unread = null;
    $('pill').hidden = true;
    if (fine) box.focus({ preventScroll: true });
  });

  let height = 0;
  function fit() {
    const view = window.visualViewport;
    const covered = view && Math.abs(view.scale - 1) < 0.01 && window.innerHeight - view.height > 80;
    app.style.height = covered ? view.height + 'px' : '';
    app.style.top = covered ? view.offsetTop + 'px' : '';
    document.body.classList.toggle('keys', Boolean(covered));
    if (scroller.clientHeight !== height && stuck) toEnd();
    height = scroller.clientHeight;
  }
  if (window.visualViewport) {
    window.visualViewport.addEventListener('resize', fit);
    window.visualViewport.addEventListener('scroll', fit);
  }
  window.addEventListener('resize', fit);

  /* ---- saying, pressing, starting again ---- */

  function settleAfter(item) {
    settle();
    foldLong([item]);
    toEnd();
  }

  function speak(frame, text) {
    frame.key = uuid();
    lastN = Math.max(Date.now(), lastN + 1);
    const entry = { key: frame.key, n: lastN, frame, text };
    outbox.put(entry);
    settleAfter(pendingBubble(entry));
    transmit(entry);
  }

  const pressed = new Map(); // token → when, against a double tap
  function press(choice) {
    const last = pressed.get(choice.token) || 0;
    const waits = outbox.waiting().some((entry) => entry.frame.token === choice.token);
    if (waits || Date.now() - last < 1000) return;
    pressed.set(choice.token, Date.now());
    speak({ type: 'press', token: choice.token }, choice.label);
  }

  function again(item) {
    const entry = outbox.entries.get(item.key);
    delete entry.failed;
    entry.transmitted = null;
    lastN = Math.max(Date.now(), lastN + 1);
    entry.n = item.n = lastN;
    outbox.put(entry);
    place(item);
    settle();
    transmit(entry);
  }

  function notice(text, resend) {
    $('notice').hidden = !text;
    $('notice').firstElementChild.textContent = text || '';
    $('notice').lastElementChild.hidden = !resend;
  }
  $('notice').lastElementChild.addEventListener('click', submit);

  const length = () => Array.from(box.value.trim()).length;

  function typed() {
    box.style.height = 'auto';
    box.style.height = Math.min(box.scrollHeight + 2, 162) + 'px';
    box.style.overflowY = box.scrollHeight > 162 ? 'auto' : 'hidden';
    const count = length(), over = count - LIMIT, line = $('count');
    line.hidden = count < LIMIT - 200;
    line.textContent = over > 0 ? '多了' + over + '个字，一次最多' + LIMIT + '个字。删掉一些，或分两次发。' : count + ' / ' + LIMIT;
    line.classList.toggle('over', over > 0);
    sendButton.classList.toggle('idle', !count || over > 0);
    sendButton.setAttribute('aria-disabled', String(over > 0));
    box.setAttribute('aria-invalid', String(over > 0));
    try { sessionStorage.setItem('duihua.draft', box.value); } catch (_) { /* only a draft */ }
    if (stuck) toEnd();
  }

  function submit() {
    const count = length();
    if (count > LIMIT) { typed(); box.focus(); return; }
    if (!count) { notice('还没写字呢，写几个字再发。'); box.focus(); return; }
    const text = box.value.trim();
    notice('');
    box.value = '';
    typed();
    speak({ type: 'say', text }, text);
    box.focus({ preventScroll: true });
  }

  sendButton.addEventListener('mousedown', (event) => event.preventDefault()); // keeps the phone's keyboard up
  sendButton.addEventListener('click', submit);
  box.addEventListener('input', () => { if (box.value.trim()) notice(''); typed(); });
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });

  function disclose(opener, panel, open) {
    if (panel.hidden !== open) return;
    panel.hidden = !open;
    opener.setAttribute('aria-expanded', String(open));
    fit();
  }

  $('again').addEventListener('click', () => {
    disclose($('more'), $('menu'), false);
    disclose($('again'), $('confirm'), $('confirm').hidden);
    if (!$('confirm').hidden) $('confirm-no').focus();
  });
  $('confirm-no').addEventListener('click', () => { disclose($('again'), $('confirm'), false); $('again').focus(); });
  $('confirm-yes').addEventListener('click', () => {
    disclose($('again'), $('confirm'), false);
    if (!outbox.waiting().some((entry) => entry.frame.type === 'restart')) queue({ type: 'restart', key: uuid() }, { conversation });
    if (ready) say('正在重新开始'); else notice('网络一通就重新开始。');
    if (fine) box.focus({ preventScroll: true }); else $('again').focus();
  });
  $('more').addEventListener('click', () => {
    disclose($('again'), $('confirm'), false);
    disclose($('more'), $('menu'), $('menu').hidden);
  });
  document.addEventListener('click', (event) => {
    if (!$('menu').contains(event.target) && !$('more').contains(event.target)) disclose($('more'), $('menu'), false);
  });
  $('menu').addEventListener('focusout', (event) => {
    const to = event.relatedTarget;
    if (to && !$('menu').contains(to) && to !== $('more')) disclose($('more'), $('menu'), false);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing) return;
    const why = document.activeElement && document.activeElement.closest('.why');
    if (!$('menu').hidden) { disclose($('more'), $('menu'), false); $('more').focus(); }
    else if (!$('confirm').hidden) { disclose($('again'), $('confirm'), false); $('again').focus(); }
    else if (why) { const down = why.previousElementSibling.querySelector('.down'); why.remove(); down.focus(); }
    else if (EMBED) leave();
  });
  $('copy').addEventListener('click', () => {
    const done = (text) => { $('copy').textContent = text; setTimeout(() => { $('copy').textContent = '复制'; }, 2000); };
    const pick = () => { window.getSelection().selectAllChildren($('code')); done(document.execCommand('copy') ? '已复制' : '请长按复制'); };
    if (navigator.clipboard) navigator.clipboard.writeText($('code').textContent).then(() => done('已复制'), pick);
    else pick();
  });

  function leave() {
    if (window.parent !== window) window.parent.postMessage({ duihua: 'close' }, '*');
  }
  if ($('close')) {
    $('close').hidden = window.parent === window;
    $('close').addEventListener('click', leave);
  }

  /* ---- 👍 👎 ---- */

  function rating(item) {
    const vote = (verdict, label, name) => {
      const node = button('', () => {
        mark(item, verdict);
        rate(item, verdict, [], null);
        closeWhy(item);
        if (verdict === 'down') openWhy(item); else thank(item, '谢谢');
      }, { class: name, 'aria-label': label, title: label, 'aria-pressed': String(item.message.feedback === verdict) });
      node.append(icon(name));
      return node;
    };
    return el('div', { class: 'rate', role: 'group', 'aria-label': '这条回答有用吗' },
      vote('up', '有用', 'up'), vote('down', '没用', 'down'), el('span', { role: 'status' }));
  }

  function mark(item, verdict) {
    item.message.feedback = verdict;
    for (const name of ['up', 'down']) {
      const node = item.node.querySelector('.rate .' + name);
      if (node) node.setAttribute('aria-pressed', String(name === verdict));
    }
  }

  function rate(item, verdict, reasons, comment) {
    const frame = { type: 'feedback', message: item.id, verdict, reasons };
    if (comment) frame.comment = comment;
    const before = outbox.entries.get('fb-' + item.id);
    const entry = { key: 'fb-' + item.id, n: Date.now(), frame, sends: before ? before.sends : 0 };
    outbox.put(entry);
    transmit(entry);
  }

  function thank(item, text) {
    item.node.querySelector('.rate span').textContent = text;
  }

  function closeWhy(item) {
    const old = item.node.querySelector('.why');
    if (old) old.remove();
  }

  function openWhy(item) {
    const chosen = new Set();
    const comment = el('input', { type: 'text', id: 'why-' + item.id, maxlength: 200, autocomplete: 'off', enterkeyhint: 'done' });
    const finish = () => {
      rate(item, 'down', REASONS.filter((r) => chosen.has(r)), comment.value.trim() || null);
      closeWhy(item);
      thank(item, '谢谢，记下了');
      item.node.querySelector('.down').focus({ preventScroll: true });
    };
    comment.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing && event.keyCode !== 229) finish();
    });
    const panel = el('div', { class: 'why', role: 'group', 'aria-labelledby': 'why-name-' + item.id },
      el('p', { id: 'why-name-' + item.id }, '哪儿不好？可以多选。'),
      el('div', { class: 'chips' }, ...REASONS.map((reason) => button(reason, (event) => {
        const on = !chosen.delete(reason);
        if (on) chosen.add(reason);
        event.currentTarget.setAttribute('aria-pressed', String(on));
      }, { class: 'chip', 'aria-pressed': 'false' }))),
      el('label', { for: comment.id }, '想补一句（可不填）'), comment,
      button('提交', finish, { class: 'solid' }),
      button('算了', () => { closeWhy(item); item.node.querySelector('.down').focus(); }, { class: 'plain' }));
    item.node.querySelector('.rate').after(panel);
    thank(item, '');
    panel.querySelector('.chip').focus({ preventScroll: true });
    const hidden = panel.getBoundingClientRect().bottom - scroller.getBoundingClientRect().bottom;
    if (hidden > 0) scroller.scrollTop += hidden + 12;
  }

  /* ---- the line ---- */

  let socket = null, tries = 0, retry = 0, deadline = 0, pulse = 0, quiet = 0;

  function transmit(entry) {
    if (!ready || entry.failed || entry.transmitted === socket) return;
    if (entry.frame.type === 'feedback') entry.sends = (entry.sends || 0) + 1;
    else Object.defineProperty(entry, 'transmitted', { value: socket, writable: true, configurable: true });
    socket.send(JSON.stringify(entry.frame));
  }

  function connect() {
    clearTimeout(retry);
    if (socket) return;
    const line = socket = new WebSocket(location.protocol.replace('http', 'ws') + '//' + location.host + '/chat/socket');
    const only = (handle) => (event) => { if (line === socket) handle(event); };
    deadline = setTimeout(only(lost), 15000);
    line.onopen = only(() => line.send(JSON.stringify({ type: 'hello', after: lastId() })));
    line.onmessage = only((event) => hear(JSON.parse(event.data)));
    line.onclose = line.onerror = only(lost);
    if (!quiet) quiet = setTimeout(offline, tries ? 0 : 2500);
  }

  function lost() {
    const line = socket;
    socket = null;
    ready = false;
    try { line.close(); } catch (_) { /* already closed */ }
    [deadline, pulse, retry].forEach(clearTimeout);
    typing(false);
    settle();
    if (!quiet) quiet = setTimeout(offline, 1200);
    tries++;
    // The page hands out the cookie that the line needs; if that is what is missing, asking once more mends it.
    if (tries % 4 === 0 && navigator.onLine !== false) fetch('/chat', { credentials: 'same-origin' }).catch(() => {});
    retry = setTimeout(connect, Math.min(15000, 500 * 2 ** (tries - 1)) * (0.7 + 0.6 * Math.random()));
  }

  function offline() {
    if (ready) return;
    $('opening').hidden = list.length > 0;
    const text = tries > 5 ? '还是连不上，一直在试；你发的话都留着。急事打 12333 或 12345' : '网络断了，正在重连；你发的话都留着';
    const banner = $('banner');
    if (banner.dataset.text !== text) {
      banner.dataset.text = text;
      banner.textContent = '';
      linked(banner, text);
    }
    if (!list.length && outbox.entries.size) { fill([], false); toEnd(); }
    if (tries < 6) quiet = setTimeout(offline, 3000);
  }

  function beat() {
    clearTimeout(pulse);
    if (!ready) return;
    socket.send('{"type":"ping"}');
    clearTimeout(deadline);
    deadline = setTimeout(lost, 10000);
  }

  function wake() {
    if (document.visibilityState === 'hidden') return;
    if (ready) beat();
    else if (!socket) connect();
  }
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('pageshow', (event) => { if (event.persisted) wake(); });
  window.addEventListener('online', wake);
  window.addEventListener('offline', () => { if (socket) lost(); });

  /** The typing sign; most answers are there before it would show. */
  function typing(on, shown) {
    clearTimeout(typing.timer);
    if (on && !shown) { typing.timer = setTimeout(() => typing(true, true), 300); return; }
    if (on) typing.timer = setTimeout(() => typing(false), 60000);
    if (on !== $('typing').hidden) return;
    const end = on && atEnd();
    $('typing').hidden = !on;
    say(on ? '小同正在输入' : '');
    if (end) toEnd();
  }

  function arrived(event) {
    if (event.now) ahead = Date.parse(event.now) - Date.now();
    const changed = conversation !== null && conversation !== event.conversation;
    if (changed) clear((item) => !item.id);
    else if (event.more && lastId()) clear((item) => !item.id);
    conversation = event.conversation;
    if (event.person) {
      $('code').textContent = event.person;
      $('copy').disabled = false;
    }
    for (const entry of outbox.waiting()) {
      if (entry.frame.type === 'restart' && entry.conversation && entry.conversation !== conversation) outbox.drop(entry.key);
    }
    const first = !list.some((item) => item.id), was = stuck;
    const before = lastId();
    fill(event.messages || [], event.more);
    $('opening').hidden = true;
    const news = list.find((item) => item.id > before && !item.own);
    if (first || changed) toEnd();
    else if (news) follow(news, was);
  }

  const hearing = {
    ready(event) {
      [deadline, quiet, pulse].forEach(clearTimeout);
      quiet = tries = 0;
      ready = true;
      if ($('banner').textContent) say('网络通了');
      $('banner').textContent = $('banner').dataset.text = '';
      arrived(event);
      for (const entry of outbox.waiting()) { entry.sends = 0; transmit(entry); }
      settle();
    },
    message(event) {
      const was = stuck;
      if (event.message.from !== 'me') typing(false);
      const item = take(event.message);
      settle();
      if (!item) return;
      foldLong([item]);
      follow(item, was);
    },
    ack(event) {
      const item = byKey.get(event.key);
      outbox.drop(event.key);
      if (item) confirm(item, event.id, Date.parse(event.at));
      settle();
    },
    typing(event) { typing(Boolean(event.on)); },
    refused(event) {
      const item = byKey.get(event.key), entry = outbox.entries.get(event.key);
      if (!event.key) { // something without a key, a rating of a message that is gone: do not send it for ever
        for (const e of outbox.waiting()) if (e.frame.type === 'feedback' && e.sends) outbox.drop(e.key);
      }
      if (!entry || !item || item.id) {
        if (entry) outbox.drop(event.key);
        notice(event.reason);
      } else if (event.keep && entry.frame.type === 'say' && !box.value.trim()) {
        outbox.drop(event.key);
        remove(item);
        box.value = entry.text;
        typed();
        notice(event.reason, true);
      } else {
        outbox.put(Object.assign(entry, { failed: event.reason, keep: event.keep !== false }));
        settle();
        say(event.reason);
        if (stuck) toEnd();
      }
    },
    feedback(event) {
      const item = byId.get(event.message), entry = outbox.entries.get('fb-' + event.message);
      if (entry && --entry.sends > 0) return;
      outbox.drop('fb-' + event.message);
      if (item) mark(item, event.verdict);
    },
    restarted(event) {
      const mine = event.key ? outbox.entries.get(event.key) : outbox.waiting().find((e) => e.frame.type === 'restart');
      if (event.conversation === conversation && !mine) return;
      if (mine) outbox.drop(mine.key);
      notice(event.notice || '');
      clear((item) => !item.id && (!mine || item.n > mine.n));
      conversation = null;
      arrived(event);
      say('已重新开始');
      // Another page of this person began it: this line still looks at the old conversation.
      if (!mine) socket.send(JSON.stringify({ type: 'hello', after: lastId() }));
    },
    pong() {
      clearTimeout(deadline);
    },
  };

  function hear(event) {
    const handle = Object.prototype.hasOwnProperty.call(hearing, event.type) && hearing[event.type];
    if (!handle) return;
    if (event.type !== 'pong') clearTimeout(deadline);
    handle(event);
    clearTimeout(pulse);
    pulse = setTimeout(beat, 25000);
  }

  outbox.open();
  try { if (!box.value) box.value = sessionStorage.getItem('duihua.draft') || ''; } catch (_) { /* only a draft */ }
  typed();
  fit();
  if (fine) box.focus({ preventScroll: true });
  connect();
})();
