// Tools, menus and keys, and what starts the page.
import { $, listen, remembered, state, tell } from './state.js';
import { TEXTS, showTexts, switchLanguage, t } from './words.js';
import { become, choose, clear, keepForUndo, load, newStroke, redo, undo } from './ink.js';
import { connect } from './conversation.js';
import { lines, outcome } from './answers.js';
import { fit, paint, penWidth, sheet, strokeColours, toSheet, zoom } from './paper.js';
import './panel.js';
import './marks.js';
import './digits.js';
import './menus.js';
import './scrubbing.js';
import { type } from './typed.js';
import { abandon } from './gestures.js';
import { forget } from './history.js';
import { ndjson, open, png, save, savePNG } from './files.js';
import { inkml } from './inkml.js';
import { restore } from './keeping.js';
import './sheets.js';
import './installing.js';
import { copyLatex, copyMathml, copyPicture, copyResult, copyText } from './copying.js';
import { EXAMPLE } from './example.js';

function showTools() {
  $('undo').disabled = !state.past.length;
  $('redo').disabled = !state.future.length;
  $('clear').disabled = !state.strokes.length;
  $('fit').disabled = !state.strokes.length;
  for (const id of ['save-ndjson', 'save-inkml', 'save-png']) $(id).disabled = !state.strokes.length;
  $('eraser').setAttribute('aria-pressed', state.isEraser);
  $('groups').setAttribute('aria-pressed', state.showsGroups);
  $('groups').disabled = state.mode !== 'ink';
  $('paper').classList.toggle('erasing', state.isEraser);
  $('pen-only').checked = state.penOnly;
  for (const one of ['ink', 'digit']) {
    $(`mode-${one}`).setAttribute('aria-checked', state.mode === one);
    $(`mode-${one}`).tabIndex = state.mode === one ? 0 : -1;
  }
}

function setMode(next) {
  if (state.mode === next) return;
  state.mode = next;
  remembered.set('mode', state.mode);
  state.answer = null;
  state.characters = [];
  tell('mode');
  become(state.strokes);
}

function toggleEraser() { state.isEraser = !state.isEraser; showTools(); }

function toggleGroups() {
  state.showsGroups = !state.showsGroups;
  remembered.set('groups', state.showsGroups ? 'yes' : 'no');
  showTools();
  tell('view');
}

const middle = () => [sheet.clientWidth / 2, sheet.clientHeight / 2];

const actions = {
  undo, redo, clear, forget,
  eraser: toggleEraser,
  groups: toggleGroups,
  fit: () => fit(true),
  language: switchLanguage,
  example: () => load(EXAMPLE),
  'mode-ink': () => setMode('ink'),
  'mode-digit': () => setMode('digit'),
  'save-ndjson': () => save(ndjson(), 'application/x-ndjson', 'ndjson'),
  'save-inkml': () => save(inkml(), 'application/inkml+xml', 'inkml'),
  'save-png': savePNG,
  upload: () => $('file').click(),
  'copy-result': copyResult,
  'copy-text': copyText,
  'copy-latex': copyLatex,
  'copy-mathml': copyMathml,
  'copy-picture': copyPicture,
};
for (const [id, action] of Object.entries(actions)) {
  $(id).addEventListener('click', () => {
    $(id).closest('[popover]')?.hidePopover();
    action();
  });
}

for (const one of ['ink', 'digit']) {
  $(`mode-${one}`).addEventListener('keydown', (event) => {
    if (!event.key.startsWith('Arrow')) return;
    event.preventDefault();
    setMode(one === 'ink' ? 'digit' : 'ink');
    $(`mode-${state.mode}`).focus();
  });
}

$('pen-only').addEventListener('change', () => {
  state.penOnly = $('pen-only').checked;
  remembered.set('pen-only', state.penOnly ? 'yes' : 'no');
});

// ---- Keys -------------------------------------------------------------------------------------------

/// A key by its letter, and by its place where the layout has other letters there: Я is where Z is.
function keyOf({ key, code }) {
  const isLatin = /^[\x20-\x7e]$/.test(key) || key.length > 1;
  return isLatin ? key.toLowerCase() : code.replace(/^Key|^Digit/, '').replace('Slash', '/').toLowerCase();
}

const controlKeys = {
  z: (event) => event.shiftKey ? redo() : undo(),
  y: redo,
  // What is selected is copied by the browser.
  c: () => String(getSelection()) ? false : copyResult(),
};
const plainKeys = {
  escape: clear,
  e: toggleEraser,
  g: () => state.mode === 'ink' && toggleGroups(),
  f: () => fit(true),
  0: () => fit(true),
  '+': () => zoom(1.25, middle()),
  '=': () => zoom(1.25, middle()),
  '-': () => zoom(0.8, middle()),
  '/': () => $('typed').focus(),
  '?': () => $('help').showPopover(),
};

addEventListener('keydown', (event) => {
  if (document.querySelector(':popover-open') || event.altKey || event.target.matches?.('input')) return;
  const key = keyOf(event);
  // Nothing else changes while the pen is down.
  if (state.pointer !== null) return key === 'escape' ? abandon() : undefined;
  const action = event.ctrlKey || event.metaKey ? controlKeys[key] : plainKeys[key];
  if (action && action(event) !== false) event.preventDefault();
});

// ---- Texts that are not in the page -----------------------------------------------------------------

function showWords() {
  $('invitation').textContent = state.mode === 'digit' ? t().invitationDigit : t().invitation;
  $('example').hidden = state.mode === 'digit';
  for (const [id, list] of [['gesture-list', t().gestureList], ['key-list', t().keyList]]) {
    $(id).replaceChildren(...list.flatMap(([name, text]) => [
      Object.assign(document.createElement('dt'), { textContent: name }),
      Object.assign(document.createElement('dd'), { textContent: text }),
    ]));
  }
}

for (const change of ['words', 'mode']) listen(change, showWords);
for (const change of ['drawing', 'answer', 'mode', 'entries']) listen(change, showTools);

// For the tests, which drive the page from outside, and for the curious.
globalThis.pad = {
  state, TEXTS, become, choose, clear, inkml, keepForUndo, lines, load, ndjson, newStroke, open, outcome, paint, png,
  penWidth, sheet, strokeColours, toSheet, type,
};

showTexts();
showTools();
paint();
restore();
connect();
