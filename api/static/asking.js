// Asking the server: who was logged out meanwhile logs in and comes back to this very place.

import { page, say } from "./words.js";

// Whether the page is left for logging in: who looks after what is not saved need not warn of it.
export let isLoggingIn = false;

export async function ask(address, options) {
  const answer = await fetch(address, options).catch(() => {
    throw new Error(say("no_network"));
  });
  if (answer.status !== 401) return answer;
  const here = location.pathname + location.search + location.hash;
  isLoggingIn = true;
  location.assign(`/log-in?${new URLSearchParams({ next: here, language: page.language })}`);
  // The page is being left; nothing that waits for an answer goes on.
  return new Promise(() => {});
}

export function send(method, address, body) {
  return ask(address, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

// Tells whenever a job changes, and returns it when it is over. A server that restarts is waited
// for: the browser connects again by itself, and the job goes on.
export function follow(job, tell) {
  return new Promise((resolve, reject) => {
    const address = `/v1/jobs/${job.id}`;
    const events = new EventSource(`${address}/events`);
    events.onmessage = ({ data }) => {
      const now = JSON.parse(data);
      tell(now);
      if (now.state === "queued" || now.state === "running") return;
      events.close();
      resolve(now);
    };
    events.onerror = () => {
      if (events.readyState !== EventSource.CLOSED) return;
      ask(address).then((answer) => answer.json()).then(resolve, reject);
    };
  });
}
