// ?debug: how long an answer takes.
import { $ } from '/state.js';

const times = [];
const isDebugging = new URLSearchParams(location.search).has('debug');
$('latency').hidden = !isDebugging;

/// From the pen's leaving the sheet to the answer in the page, in milliseconds.
export function timed(milliseconds) {
  times.push(milliseconds);
  if (times.length > 500) times.shift();
  const ordered = [...times].sort((one, other) => one - other);
  const median = ordered[ordered.length >> 1];
  Object.assign($('latency').dataset, { last: milliseconds.toFixed(2), median: median.toFixed(2), count: times.length });
  $('latency').textContent = `${milliseconds.toFixed(1)} ms, median ${median.toFixed(1)} of ${times.length}`;
}
