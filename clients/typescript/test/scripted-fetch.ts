/** A request as `fetch` got it. */
export interface Sent {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** Answers requests in order, with the last answer for all that follow; keeps what was sent. */
export function scripted(...answers: (Response | Error | (() => Response))[]): { fetch: typeof fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    fetch: async (url, init) => {
      const { method = 'GET', headers, body } = init ?? {};
      sent.push({ method, url: String(url), headers: headers as Record<string, string>, body: body as string | undefined });
      const answer = answers[Math.min(sent.length, answers.length) - 1];
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer() : (answer?.clone() ?? new Response());
    },
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}

export function problem(status: number, body: Record<string, unknown>, headers: Record<string, string> = {}): Response {
  const whole = { type: 'https://longshore.dev/problems/unavailable', title: 'Problem', status, detail: 'Detail', retryable: true, ...body };
  return json(status, whole, { 'Content-Type': 'application/problem+json', ...headers });
}
