interface StartPage {
  readonly manifest: object;
  readonly webUrl: string;
  readonly state: string;
  readonly baseUrl: string;
}

/** The form that hands the manifest to GitHub, for a person's account or an organisation. */
export function startPage({ manifest, webUrl, state, baseUrl }: StartPage): string {
  const local = /^https?:\/\/(localhost|127\.|\[::1\])/.test(baseUrl);
  const query = `?state=${encodeURIComponent(state)}`;
  return layout(
    'Create the GitHub App',
    `<p>GitHub will ask for a name and create an App of your own, with the permissions of <code>app.yml</code> and its webhooks
sent to <code>${escape(baseUrl)}</code>.</p>
${local ? '<p class="warn">GitHub cannot reach this address. Set <code>SLUICE_BASE_URL</code> to a public one and start again, or go on and change the webhook address of the App later.</p>' : ''}
<form method="post" action="${escape(webUrl)}/settings/apps/new${query}"
  onsubmit="const org = this.org.value.trim(); if (org) this.action = ${escape(JSON.stringify(`${webUrl}/organizations/`))} + encodeURIComponent(org) + ${escape(JSON.stringify(`/settings/apps/new${query}`))}">
<label>Organisation <input name="org" placeholder="leave empty for your own account" autocomplete="off"></label>
<input type="hidden" name="manifest" value="${escape(JSON.stringify(manifest))}">
<button>Create the App on GitHub</button>
</form>`,
  );
}

export function createdPage(installUrl: string): string {
  return layout(
    'The App exists',
    `<p>Its credentials are stored in the data directory, and this server is starting with them.</p>
<p><a class="button" href="${escape(installUrl)}">Install it on your repositories</a></p>
<p>Then label an issue <code>sluice:code-review</code>, or comment <code>/sluice help</code>.</p>`,
  );
}

export function messagePage(title: string, message: string): string {
  return layout(title, `<p>${escape(message)}</p>`);
}

function layout(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)} · Sluice</title>
<style>
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:12vh auto;padding:0 1.5rem}
h1{font-size:1.6rem}label{display:block;margin:1.5rem 0}input{font:inherit;width:100%;padding:.5rem;box-sizing:border-box;margin-top:.25rem}
button,.button{font:inherit;font-weight:600;padding:.6rem 1.1rem;border:0;border-radius:.4rem;background:#1a7f37;color:#fff;text-decoration:none;cursor:pointer}
.warn{border-left:4px solid #bf8700;padding:.25rem 1rem}code{font-size:.92em}
</style><h1>${escape(title)}</h1>${body}</html>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
