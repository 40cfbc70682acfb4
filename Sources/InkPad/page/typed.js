// Sums that are typed, for those who cannot draw: they are worked out as they grow.
import { $, listen, state, tell } from './state.js';
import { ask } from './conversation.js';

const LIMIT = 4096;                     // the most bytes of a text that the server takes

/// Works out a text in place of the drawing; an empty one gives the drawing back. What has no answer yet, since
/// the server is away, or gets none, has no lines: nothing of the drawing stands there for it.
export async function type(text) {
  if ($('typed').value !== text) $('typed').value = text;
  const asked = text.replace(/[\x00-\x1f\x7f]/g, ' ').trim();
  const found = asked ? problemOf(asked) ?? await ask('text', { text: asked }) ?? { lines: [] } : null;
  if ($('typed').value !== text) return;
  state.typed = found;
  tell('answer');
}

/// What the server would refuse, as an answer of its own; nothing of what it takes.
function problemOf(text) {
  const refused = (code, expression) => ({ text: expression, expression, code, error: code, position: 1 });
  // An object is no sum.
  if (text.startsWith('{')) return refused('unknown-character', text.slice(0, 40));
  const isLong = new TextEncoder().encode(text).length > LIMIT;
  return isLong ? refused('text-too-long', `${[...text].slice(0, 20).join('')}…`) : null;
}

/// Asks again when the server, or what works texts out, is back.
function askAgain() { if (state.typed?.lines?.length === 0) type($('typed').value); }

// Who draws wants to see what was drawn.
listen('drawing', () => { if ($('typed').value) type(''); });

listen('connected', askAgain);
listen('server:state', ({ of, state: health }) => { if (of === 'text' && health === 'ready') askAgain(); });

$('typed').addEventListener('input', () => type($('typed').value));
$('typed').addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  event.stopPropagation();
  type('');
  $('sheet').focus();
});
