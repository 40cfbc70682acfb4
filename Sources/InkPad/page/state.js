// What the parts of the page share: the state, word of its changes, and what the browser remembers.

export const $ = (id) => document.getElementById(id);

/// What the browser keeps of this page from one visit to the next.
export const remembered = {
  get(key) { try { return localStorage.getItem(`ink-pad.${key}`); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`ink-pad.${key}`, value); } catch { /* a full disk */ } },
  drop(key) { try { localStorage.removeItem(`ink-pad.${key}`); } catch { /* nothing is there */ } },
};

/// The one state of the page: each part writes its own members, and any part reads them.
export const state = {
  // words.js
  language: 'en',
  // ink.js: strokes and characters chosen by hand never change; each change makes new arrays of them
  strokes: [],                          // { id, points: [[x, y], ...], widths, box }
  chosen: [],                           // { ids: of its strokes, text, read, top }
  past: [],                             // what can be undone
  future: [],                           // and done again
  // paper.js
  view: { scale: 1, x: 0, y: 0, home: 1 }, // from the drawing's units to the sheet's; the scale at first
  showsGroups: remembered.get('groups') === 'yes',
  // sheets.js: which sheet of the server's folder the drawing is, an object of its own for each sheet
  kept: { sheet: null, revision: null },
  // gestures.js
  pointer: null,                        // the pointer that draws or erases
  current: null,                        // the stroke that is being drawn: { points, widths }
  isEraser: false,
  penOnly: remembered.get('pen-only') === 'yes',
  // conversation.js
  health: { ink: 'starting', digit: 'starting', text: 'starting' },
  socket: null,
  // answers.js
  mode: remembered.get('mode') === 'digit' ? 'digit' : 'ink',
  answer: null,                         // of the drawing as it is, or of an older one for a moment
  isAnswered: false,                    // whether the answer is of the drawing as it is
  isWriting: false,                     // whether the pen left the sheet a moment ago
  characters: [],                       // those of the answer, and which strokes they are
  tried: null,                          // { line, answer }: what stands in place of a line for a while
  typed: null,                          // the answer to what was typed, in place of the drawing's
  // panel.js
  shown: '',                            // what is shown, as a text
  heard: '',                            // the same in words
  // history.js
  entries: [],                          // { id, time, text, strokes, chosen }, the newest first
};

const listeners = new Map();

/// Does something whenever there is word of a change.
export function listen(change, action) {
  listeners.set(change, [...listeners.get(change) ?? [], action]);
}

/// Gives word of a change, to listeners in the order in which they came.
export function tell(change, detail) {
  for (const action of listeners.get(change) ?? []) action(detail);
}
