// The conversation with the server, over a WebSocket: questions, answers, and whether it is there.
import { $, listen, state, tell } from './state.js';
import { problemText, t } from './words.js';

let retry = 300;
let isTurnedAway = false;               // whether the server is there, and asks for another address
let lastNumber = 0;
const questions = new Map();            // number -> { kind, done }
export const MESSAGE_LIMIT = 1 << 20;          // the server hangs up on longer ones

export function connect() {
  state.socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`);
  state.socket.onopen = () => {
    retry = 300;
    isTurnedAway = false;
    showNotice();
    tell('connected');
  };
  state.socket.onmessage = (event) => receive(JSON.parse(event.data));
  state.socket.onclose = () => {
    for (const { done } of questions.values()) done(undefined);
    questions.clear();
    tell('disconnected');
    showNotice();
    lookWhy();
    setTimeout(connect, retry);
    retry = Math.min(2 * retry, 5000);
  };
}

/// Why a WebSocket fails, browsers do not say: what is asked for by itself is turned away with words, where the
/// secret of the address is an older one.
async function lookWhy() {
  try {
    isTurnedAway = (await fetch('/icon.svg', { cache: 'no-store' })).status === 403;
  } catch {
    isTurnedAway = false;
  }
  showNotice();
}

/// The answer; null where there is none, undefined where a newer question has overtaken this one or
/// the server is not there.
export function ask(kind, content) {
  return new Promise((done) => {
    if (state.socket?.readyState !== WebSocket.OPEN) return done(undefined);
    const seq = ++lastNumber;
    const message = JSON.stringify({ type: kind, seq, ...content });
    if (message.length > MESSAGE_LIMIT) {
      showProblem(t().tooLarge, true);
      return done(null);
    }
    questions.set(seq, { kind, done });
    state.socket.send(message);
  });
}

/// Sends a message of another part of the page; false where the server is not there.
export function send(message) {
  if (state.socket?.readyState !== WebSocket.OPEN) return false;
  state.socket.send(JSON.stringify(message));
  return true;
}

function receive(message) {
  tell(`server:${message.type}`, message);
  if (message.type === 'state') {
    state.health[message.of] = message.state;
    return showNotice();
  }
  if (message.type === 'refused') {
    // It does not say which question it was: none of those before it is waited for any more.
    for (const { done } of questions.values()) done(null);
    questions.clear();
    return showProblem(t().refused(problemText({ code: message.code, error: message.reason })), true);
  }
  for (const [seq, { kind, done }] of questions) {
    if (kind !== message.type || seq > message.seq) continue;
    questions.delete(seq);
    done(seq === message.seq ? message.answer && { ...message.answer, order: message.order } : undefined);
  }
}

let problem = '';                       // what went wrong a moment ago
let isAboutDrawing = false;             // whether that was the drawing as it is
let problemTimer = 0;

/// Says what went wrong, for a while; what is about the drawing goes when that changes.
export function showProblem(text, isOfDrawing = false) {
  problem = text;
  isAboutDrawing = isOfDrawing;
  clearTimeout(problemTimer);
  problemTimer = setTimeout(() => { problem = ''; showNotice(); }, 6000);
  showNotice();
}

/// Whether the page says already that something went wrong.
export const isTroubled = () => problem !== '';

function showNotice() {
  let text = problem;
  const needed = state.mode === 'ink' ? ['ink', 'text'] : ['digit'];
  if (needed.some((kind) => state.health[kind] === 'down')) text = t().down;
  if (state.socket && state.socket.readyState > WebSocket.OPEN) text = isTurnedAway ? t().moved : t().lost;
  $('notice').hidden = !text;
  $('notice').textContent = text;
}

listen('words', showNotice);
listen('mode', showNotice);
listen('drawing', () => {
  if (!isAboutDrawing) return;
  problem = '';
  isAboutDrawing = false;
  showNotice();
});
