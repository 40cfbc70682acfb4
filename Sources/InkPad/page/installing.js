// The page without its server: a service worker keeps it where browsers allow that (localhost and TLS), and a
// server of another version brings another page.
import { listen, state } from './state.js';

// The server's version is in the path of all its modules.
const version = new URL(import.meta.url).pathname.split('/')[1];
let newVersion = null;

/// Loads the new server's page, with the sheet as it is, when no pen is down; once for each version.
function renew() {
  if (!newVersion || state.pointer !== null) return;
  try {
    if (sessionStorage.getItem('ink-pad.renewed') === newVersion) return;
    sessionStorage.setItem('ink-pad.renewed', newVersion);
  } catch {
    return;
  }
  location.reload();
}

listen('server:hello', (hello) => {
  newVersion = hello.version === version ? null : hello.version;
  renew();
});
listen('drawing', renew);

navigator.serviceWorker?.register('/worker.js').catch(() => { /* the page works without */ });
