import type { Extension } from '../extension/extension.ts';
import { acceptManifest, type Manifest } from '../extension/manifests.ts';
import type { World } from '../seed.ts';
import { type Html, html } from './html.ts';
import { plainPage } from './layout.ts';

/** Shows what an app asks for, as GitHub does before it makes one of a manifest. */
export function manifestPage(
  world: World,
  viewer: string,
  owner: string,
  form: URLSearchParams,
  state: string,
): Html {
  const text = form.get('manifest') ?? '{}';
  const manifest = JSON.parse(text) as Manifest;
  const permissions = Object.entries(manifest.default_permissions ?? {});
  return plainPage(
    'Create a GitHub App',
    viewer,
    world,
    html`
      <h1>Create GitHub App for ${owner}</h1>
      <form class="box pad stack" method="post" action="/_manifest">
        <p><b>${manifest.name ?? 'App'}</b> asks for ${permissions.map(([name, level]) => html`<span class="tag">${name}: ${level}</span> `)}</p>
        <p class="quiet">Webhooks go to <code>${manifest.hook_attributes?.url ?? 'nowhere'}</code></p>
        <input type="hidden" name="manifest" value="${text}" />
        <input type="hidden" name="owner" value="${owner}" />
        <input type="hidden" name="state" value="${state}" />
        <div class="buttons"><button class="primary">Create GitHub App for ${owner}</button></div>
      </form>`,
  );
}

/** The address the app is sent back to, with its temporary code. */
export function manifestRedirect({ manifests }: Extension, form: URLSearchParams): string {
  const manifest = JSON.parse(form.get('manifest') ?? '{}') as Manifest;
  const code = acceptManifest(manifests, manifest, form.get('owner') ?? '');
  const target = new URL(manifest.redirect_url ?? '');
  target.searchParams.set('code', code);
  const state = form.get('state') ?? '';
  if (state !== '') target.searchParams.set('state', state);
  return target.href;
}
