import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { runSubprocess } from '../../workspace/subprocess.ts';
import { SYSTEM_PATH } from './find-program.ts';
import { isAbandoned, OWN_PREFIX } from './is-abandoned.ts';

/** The private folder of one agent process at a time. Kept as long as its sessions may be continued. */
export interface AgentHome {
  /** The path the agent knows as its home. */
  readonly path: string;
  /** `passwd`, `group` and `hosts` for the sandbox, which reveal nothing about this machine. */
  readonly etc: string;
  readonly tmp: string;
  readonly socketPath: string;
  /** What the agent shows instead of a key. */
  readonly placeholder: string;
  remove(): Promise<void>;
}

/** The longest name a socket file may have is 107 bytes on Linux and 103 on macOS. */
const MAX_SOCKET_PATH = 100;
const ETC = {
  passwd: 'agent:x:1000:1000::/home/agent:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
  group: 'agent:x:1000:\nnogroup:x:65534:\n',
  hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
};

export async function createHome(root: string): Promise<AgentHome> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const base = await mkdtemp(join(root, OWN_PREFIX));
  const etc = join(base, 'etc');
  await Promise.all([mkdir(join(base, 'home')), mkdir(etc), mkdir(join(base, 'tmp'))]);
  await Promise.all(Object.entries(ETC).map(([file, text]) => writeFile(join(etc, file), text)));
  const socketFolder = await folderForSocket(base);
  return {
    path: join(base, 'home'),
    etc,
    tmp: join(base, 'tmp'),
    socketPath: join(socketFolder, 'gateway.sock'),
    placeholder: `placeholder-${randomBytes(16).toString('hex')}`,
    async remove() {
      await removeFolder(base);
      await rm(socketFolder, { recursive: true, force: true });
    },
  };
}

/** Removes what killed processes of this machine left behind. */
export async function sweepHomes(root: string): Promise<void> {
  const names = await readdir(root).catch(() => []);
  await Promise.all(names.filter(isAbandoned).map((name) => removeFolder(join(root, name))));
}

/**
 * Writes an entry's configuration files into a home no agent has seen yet: one that an agent has
 * used may hold links that lead outside.
 */
export async function writeHomeFiles(
  home: AgentHome,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = join(home.path, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: 0o600 });
  }
}

/** Some tools, such as Go, leave read-only folders behind, which only their owner can open again. */
async function removeFolder(path: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 3 };
  try {
    await rm(path, options);
  } catch {
    const env = { PATH: SYSTEM_PATH };
    await runSubprocess({ command: 'chmod', args: ['-R', 'u+rwX', path], cwd: '/', env });
    await rm(path, options);
  }
}

async function folderForSocket(base: string): Promise<string> {
  if (join(base, 'gateway.sock').length <= MAX_SOCKET_PATH) return base;
  return mkdtemp(join(tmpdir(), `${basename(base)}-`));
}
