// Regenerates test/support/github/openapi-slim.json: what GitHub's OpenAPI description says about the requests our app
// may send. The full description is 385 MB unpacked, so it is downloaded to a temporary folder and never installed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGE = '@octokit/openapi@23.0.2';
const TARGET = new URL('../test/support/github/openapi-slim.json', import.meta.url);

const REPO = '/repos/{owner}/{repo}';
const OPERATIONS = [
  'GET /app',
  'GET /app/hook/config',
  'GET /app/hook/deliveries',
  'GET /app/hook/deliveries/{delivery_id}',
  'POST /app/hook/deliveries/{delivery_id}/attempts',
  'GET /app/installations',
  'GET /app/installations/{installation_id}',
  'POST /app/installations/{installation_id}/access_tokens',
  'POST /app-manifests/{code}/conversions',
  'GET /installation/repositories',
  'DELETE /installation/token',
  'GET /orgs/{org}/installation',
  'GET /orgs/{org}/teams/{team_slug}/memberships/{username}',
  'GET /orgs/{org}/teams/{team_slug}/members',
  'GET /rate_limit',
  'GET /search/issues',
  'GET /users/{username}',
  'GET /meta',
  `GET ${REPO}`,
  `GET ${REPO}/installation`,
  `GET ${REPO}/branches`,
  `GET ${REPO}/branches/{branch}`,
  `GET ${REPO}/collaborators`,
  `GET ${REPO}/collaborators/{username}/permission`,
  `GET ${REPO}/compare/{basehead}`,
  `GET ${REPO}/commits`,
  `GET ${REPO}/commits/{ref}`,
  `GET ${REPO}/commits/{commit_sha}/pulls`,
  `GET ${REPO}/commits/{ref}/check-runs`,
  `GET ${REPO}/commits/{ref}/check-suites`,
  `GET ${REPO}/contents/{path}`,
  `PUT ${REPO}/contents/{path}`,
  `GET ${REPO}/git/ref/{ref}`,
  `GET ${REPO}/git/matching-refs/{ref}`,
  `POST ${REPO}/git/refs`,
  `PATCH ${REPO}/git/refs/{ref}`,
  `DELETE ${REPO}/git/refs/{ref}`,
  `GET ${REPO}/git/trees/{tree_sha}`,
  `GET ${REPO}/git/blobs/{file_sha}`,
  `GET ${REPO}/git/commits/{commit_sha}`,
  `GET ${REPO}/issues`,
  `POST ${REPO}/issues`,
  `GET ${REPO}/issues/{issue_number}`,
  `PATCH ${REPO}/issues/{issue_number}`,
  `GET ${REPO}/issues/{issue_number}/events`,
  `GET ${REPO}/issues/{issue_number}/timeline`,
  `GET ${REPO}/issues/comments`,
  `GET ${REPO}/issues/comments/{comment_id}`,
  `PATCH ${REPO}/issues/comments/{comment_id}`,
  `DELETE ${REPO}/issues/comments/{comment_id}`,
  `GET ${REPO}/issues/{issue_number}/comments`,
  `POST ${REPO}/issues/{issue_number}/comments`,
  `GET ${REPO}/issues/{issue_number}/labels`,
  `POST ${REPO}/issues/{issue_number}/labels`,
  `PUT ${REPO}/issues/{issue_number}/labels`,
  `DELETE ${REPO}/issues/{issue_number}/labels`,
  `DELETE ${REPO}/issues/{issue_number}/labels/{name}`,
  `GET ${REPO}/issues/{issue_number}/reactions`,
  `POST ${REPO}/issues/{issue_number}/reactions`,
  `DELETE ${REPO}/issues/{issue_number}/reactions/{reaction_id}`,
  `GET ${REPO}/issues/comments/{comment_id}/reactions`,
  `POST ${REPO}/issues/comments/{comment_id}/reactions`,
  `DELETE ${REPO}/issues/comments/{comment_id}/reactions/{reaction_id}`,
  `GET ${REPO}/labels`,
  `POST ${REPO}/labels`,
  `GET ${REPO}/labels/{name}`,
  `PATCH ${REPO}/labels/{name}`,
  `DELETE ${REPO}/labels/{name}`,
  `GET ${REPO}/pulls`,
  `POST ${REPO}/pulls`,
  `GET ${REPO}/pulls/{pull_number}`,
  `PATCH ${REPO}/pulls/{pull_number}`,
  `GET ${REPO}/pulls/{pull_number}/commits`,
  `GET ${REPO}/pulls/{pull_number}/files`,
  `PUT ${REPO}/pulls/{pull_number}/merge`,
  `GET ${REPO}/pulls/{pull_number}/requested_reviewers`,
  `POST ${REPO}/pulls/{pull_number}/requested_reviewers`,
  `DELETE ${REPO}/pulls/{pull_number}/requested_reviewers`,
  `GET ${REPO}/pulls/{pull_number}/reviews`,
  `POST ${REPO}/pulls/{pull_number}/reviews`,
  `GET ${REPO}/pulls/{pull_number}/comments`,
  `POST ${REPO}/pulls/{pull_number}/comments`,
  `POST ${REPO}/check-runs`,
  `GET ${REPO}/check-runs/{check_run_id}`,
  `PATCH ${REPO}/check-runs/{check_run_id}`,
  `GET ${REPO}/check-runs/{check_run_id}/annotations`,
  `GET ${REPO}/check-suites/{check_suite_id}`,
  `GET ${REPO}/check-suites/{check_suite_id}/check-runs`,
];

const PROSE = new Set(['description', 'title', 'example', 'examples', 'externalDocs', 'x-github']);

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object at a path of keys; throws where the description is not as we know it. */
function at(value: unknown, ...keys: string[]): Node {
  const found = keys.reduce<unknown>((node, key) => (isNode(node) ? node[key] : undefined), value);
  if (!isNode(found)) throw new Error(`no object at ${keys.join(' ')}`);
  return found;
}

function download(): Node {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  try {
    const run = (command: string, args: string[]) =>
      execFileSync(command, args, { cwd: folder, encoding: 'utf8' }).trim();
    const archive = run('npm', ['pack', '--silent', PACKAGE]);
    run('tar', ['-xzf', archive, 'package/generated/api.github.com.json']);
    const file = join(folder, 'package/generated/api.github.com.json');
    return at(JSON.parse(readFileSync(file, 'utf8')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Plain JSON Schema: references followed, prose dropped, OpenAPI 3.0's `nullable` written as a type. */
function plain(spec: Node, value: unknown, insideProperties = false): unknown {
  if (Array.isArray(value)) return value.map((each) => plain(spec, each));
  if (!isNode(value)) return value;
  const node = value;
  if (typeof node['$ref'] === 'string') return plain(spec, resolve(spec, node['$ref']));
  const copy: Node = {};
  for (const [key, part] of Object.entries(node)) {
    if (!insideProperties && (PROSE.has(key) || key === 'nullable' || key === 'default')) continue;
    copy[key] = plain(spec, part, key === 'properties' && !insideProperties);
  }
  return insideProperties || node['nullable'] !== true ? copy : nullable(copy);
}

function nullable(schema: Node): Node {
  if (typeof schema['type'] !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const allowed = Array.isArray(schema['enum']) ? { enum: [...schema['enum'], null] } : {};
  return { ...schema, ...allowed, type: [schema['type'], 'null'] };
}

function resolve(spec: Node, reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, part) => at(node)[part], spec);
}

function operation(spec: Node, method: string, path: string): Node {
  const item = at(spec, 'paths', path);
  const described = at(item, method.toLowerCase());
  const all = [item['parameters'], described['parameters']].flatMap((list) => list ?? []);
  const parameters = all
    .map((each) => at(plain(spec, each)))
    .filter((each) => each['in'] === 'path' || each['in'] === 'query')
    .map(({ name, in: where, required, schema }) => ({ name, in: where, required, schema }));
  const id = described['operationId'];
  if (described['requestBody'] === undefined) return { id, parameters };
  const body = at(plain(spec, described['requestBody']));
  const { schema } = at(body, 'content', 'application/json');
  return { id, parameters, body: { required: body['required'] ?? false, schema } };
}

const spec = download();
const lines = OPERATIONS.map((name) => {
  const [method = '', path = ''] = name.split(' ');
  return `${JSON.stringify(name)}: ${JSON.stringify(operation(spec, method, path))}`;
});
writeFileSync(TARGET, `{\n${lines.join(',\n')}\n}\n`);
console.log(`${lines.length} operations of ${PACKAGE}`);
