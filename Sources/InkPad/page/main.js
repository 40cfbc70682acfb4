// Tools, menus and keys, and what starts the page.
import { $, listen, remembered, state, tell } from '/state.js';
import { TEXTS, showTexts, switchLanguage, t } from '/words.js';
import { become, clear, keepForUndo, load, newStroke, redo, undo } from '/ink.js';
import { connect } from '/conversation.js';
import { copy } from '/answers.js';
import { paint, sheet, strokeColours, toSheet } from '/paper.js';
import { abandon } from '/gestures.js';
import { forget } from '/history.js';
import { inkml, ndjson, open, save, savePNG } from '/files.js';
import '/menus.js';

function showTools() {
  $('undo').disabled = !state.past.length;
  $('redo').disabled = !state.future.length;
  $('clear').disabled = !state.strokes.length;
  for (const id of ['save-ndjson', 'save-inkml', 'save-png']) $(id).disabled = !state.strokes.length;
  $('eraser').setAttribute('aria-pressed', state.isEraser);
  $('groups').setAttribute('aria-pressed', state.showsGroups);
  $('groups').hidden = state.mode !== 'ink';
  $('paper').classList.toggle('erasing', state.isEraser);
  for (const one of ['ink', 'digit']) {
    $(`mode-${one}`).setAttribute('aria-checked', state.mode === one);
    $(`mode-${one}`).tabIndex = state.mode === one ? 0 : -1;
  }
}

function setMode(next) {
  if (state.mode === next) return;
  state.mode = next;
  remembered.set('mode', state.mode);
  state.answer = state.corrected = null;
  showTools();
  tell('mode');
  become(state.strokes);
}

function toggleEraser() { state.isEraser = !state.isEraser; showTools(); }

function toggleGroups() {
  state.showsGroups = !state.showsGroups;
  remembered.set('groups', state.showsGroups ? 'yes' : 'no');
  showTools();
  paint();
}

const actions = {
  undo, redo, clear, copy, forget,
  eraser: toggleEraser,
  groups: toggleGroups,
  language: switchLanguage,
  'mode-ink': () => setMode('ink'),
  'mode-digit': () => setMode('digit'),
  'save-ndjson': () => save(ndjson(), 'application/x-ndjson', 'ndjson'),
  'save-inkml': () => save(inkml(), 'application/inkml+xml', 'inkml'),
  'save-png': savePNG,
  upload: () => $('file').click(),
};
for (const [id, action] of Object.entries(actions)) {
  $(id).addEventListener('click', () => {
    if ($(id).closest('[popover]')) $(id).closest('[popover]').hidePopover();
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

$('file').addEventListener('change', () => {
  const [file] = $('file').files;
  if (file) open(file);
  $('file').value = '';
});
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer.files;
  if (file) open(file);
});

addEventListener('keydown', (event) => {
  if (document.querySelector(':popover-open')) return;
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (state.pointer !== null) {
    // Nothing else changes while the pen is down.
    if (key === 'escape') abandon();
  } else if (control && key === 'z') {
    event.preventDefault();
    if (event.shiftKey) redo(); else undo();
  } else if (control && key === 'y') {
    event.preventDefault();
    redo();
  } else if (control && key === 'c' && !String(getSelection())) {
    event.preventDefault();
    copy();
  } else if (key === 'escape') {
    clear();
  } else if (!control && !event.altKey && key === 'e') {
    toggleEraser();
  } else if (!control && !event.altKey && key === 'g' && state.mode === 'ink') {
    toggleGroups();
  }
});

function showInvitation() {
  $('invitation').textContent = state.mode === 'digit' ? t().invitationDigit : t().invitation;
}

listen('drawing', showTools);
listen('words', showInvitation);
listen('mode', showInvitation);

// For the tests, which drive the page from outside, and for the curious.
globalThis.pad = {
  state, TEXTS, sheet, become, clear, inkml, keepForUndo, load, ndjson, newStroke, open, strokeColours,
  toSheet,
};

showTexts();
showTools();
paint();
connect();
