'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const panel = document.getElementById('panel');
  const word = panel.dataset;
  const text = (number) => data.texts[number];
  let view = 'bytes';

  const make = (name, className, content) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (content !== undefined) element.textContent = content;
    return element;
  };

  const link = (number) => {
    const anchor = make('a', 'frame', '#' + number);
    anchor.href = '#f' + number;
    return anchor;
  };

  // Lights up the bytes of a field and the fields of a byte.
  const light = (box, from, to, on) => {
    for (let at = from; at < to; at++)
      for (const cell of box.querySelectorAll('[data-at="' + at + '"]')) cell.classList.toggle('lit', on);
  };

  const showBytes = (frame, box) => {
    const bytes = Uint8Array.from(atob(frame[9]), (character) => character.charCodeAt(0));
    const dump = make('div', 'hex');
    for (let row = 0; row < bytes.length; row += 16) {
      dump.append(make('span', 'faint', row.toString(16).padStart(4, '0') + '  '));
      const signs = make('span');
      for (let at = row; at < row + 16; at++) {
        const here = at < bytes.length;
        const cell = make('i', '', here ? bytes[at].toString(16).padStart(2, '0') : '  ');
        const sign = make('i', '', here ? (bytes[at] > 31 && bytes[at] < 127 ? String.fromCharCode(bytes[at]) : '·') : '');
        if (here) cell.dataset.at = sign.dataset.at = at;
        dump.append(cell, ' ');
        signs.append(sign);
      }
      dump.append(' ', signs, '\n');
    }
    box.append(dump);
    for (const layer of frame[10]) {
      const shape = data.shapes[layer[0]];
      box.append(make('h3', '', text(shape[0])));
      const body = make('tbody');
      for (let i = 1, value = 2; i < shape.length; i += 4, value++) {
        const [from, length] = [layer[1] + shape[i], shape[i + 1]];
        const row = make('tr');
        row.append(make('td', 'strong', text(shape[i + 2])), make('td', 'value', text(layer[value])), make('td', 'meaning', text(shape[i + 3])));
        row.dataset.from = from;
        row.dataset.to = from + length;
        row.onmouseenter = () => { light(dump, from, from + length, true); dump.querySelector('[data-at="' + from + '"]')?.scrollIntoView({ block: 'nearest' }); };
        row.onmouseleave = () => light(dump, from, from + length, false);
        body.append(row);
      }
      const table = make('table');
      table.append(body);
      box.append(table);
    }
    const over = (event) => {
      const at = Number(event.target.dataset?.at ?? -1);
      for (const row of box.querySelectorAll('tr[data-from]'))
        row.classList.toggle('lit', at >= Number(row.dataset.from) && at < Number(row.dataset.to));
    };
    dump.onmouseover = over;
    dump.onmouseleave = over;
  };

  const showWay = (frame, box) => {
    box.append(make('p', 'faint', word.hops));
    const way = make('div');
    way.innerHTML = data.ways[frame[7]];
    box.append(way);
  };

  const showWhy = (frame, box) => {
    box.append(make('p', 'faint', word.because));
    const body = make('tbody');
    for (let at = frame[8]; at >= 0; at = data.causes[at][5]) {
      const [ms, host, layer, what, number] = data.causes[at];
      const row = make('tr');
      const last = make('td', 'flows', text(what) + ' ');
      if (number) last.append(link(number));
      row.append(make('td', 'right time', text(ms)), make('td', 'host', text(host)), make('td', 'strong', text(layer)), last);
      body.append(row);
    }
    const table = make('table');
    table.append(body);
    box.append(table);
  };

  const button = (label, title, action) => {
    const it = make('button', '', label);
    it.type = 'button';
    it.title = title;
    it.setAttribute('aria-label', title);
    it.onclick = action;
    return it;
  };

  const go = (number) => { if (number >= 1 && number <= data.frames.length) location.hash = 'f' + number; };
  const close = () => history.replaceState(null, '', location.pathname + location.search) || show();

  const show = () => {
    const number = Number(/^#f(\d+)$/.exec(location.hash)?.[1]);
    const frame = data.frames[number - 1];
    panel.hidden = !frame;
    if (!frame) return;
    panel.replaceChildren();
    const head = make('div', 'head');
    const title = make('div', 'title');
    title.append(word.frame + ' #' + number + ' ', make('span', 'time', text(frame[0]) + ' ms '), make('span', 'host', text(frame[1])), ' ' + text(frame[2]) + ' → ' + text(frame[3]));
    const buttons = make('div', 'buttons');
    buttons.append(button('◂', word.before, () => go(number - 1)), ' ', button('▸', word.next, () => go(number + 1)), ' ', button('✕', word.close, close));
    const tabs = make('div', 'tabs');
    const box = make('div');
    const views = { bytes: showBytes, way: showWay, why: showWhy };
    const choose = (name) => {
      view = name;
      for (const tab of tabs.children) tab.setAttribute('aria-selected', tab.dataset.view === name);
      box.replaceChildren();
      views[name](frame, box);
    };
    for (const name of Object.keys(views)) {
      const tab = button(word[name], word[name], () => choose(name));
      tab.dataset.view = name;
      tabs.append(tab);
    }
    const about = make('div');
    about.append(make('span', 'strong', text(frame[4]) + ' '), text(frame[5]));
    if (text(frame[6])) about.append(' ', make('span', 'bad', text(frame[6])));
    head.append(title, buttons, about, tabs);
    panel.append(head, box);
    panel.scrollTop = 0;
    choose(view);
  };

  // The page in its frame is as high as it is.
  for (const frame of document.querySelectorAll('.screen iframe')) {
    const fit = () => { frame.style.height = Math.min(900, frame.contentDocument.documentElement.scrollHeight + 2) + 'px'; };
    frame.addEventListener('load', fit);
    if (frame.contentDocument?.readyState === 'complete') fit();
  }

  addEventListener('hashchange', show);
  addEventListener('keydown', (event) => {
    if (panel.hidden) return;
    const number = Number(location.hash.slice(2));
    if (event.key === 'Escape') close();
    else if (event.key === 'ArrowLeft') go(number - 1);
    else if (event.key === 'ArrowRight') go(number + 1);
    else return;
    event.preventDefault();
  });
  show();
})();
