import { execFile } from 'node:child_process';

/** Environment of every git process here: nobody's configuration, nobody's terminal. */
export const GIT_ENV: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  LANG: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

const MAX_OUTPUT = 1 << 30;

export interface GitOptions {
  input?: string | Uint8Array;
  env?: NodeJS.ProcessEnv;
}

export class GitError extends Error {
  readonly exitCode: number;
  readonly stdout: string;

  constructor(args: string[], exitCode: number, stdout: string, stderr: string) {
    super(`git ${args.join(' ')}: ${stderr.trim() || `exit ${exitCode}`}`);
    this.name = 'GitError';
    this.exitCode = exitCode;
    this.stdout = stdout;
  }
}

/** Runs git in a bare repository and returns its raw output. */
export function git(dir: string, args: string[], options: GitOptions = {}): Promise<Buffer> {
  const env = { ...GIT_ENV, ...options.env };
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      ['--git-dir', dir, ...args],
      { env, encoding: 'buffer', maxBuffer: MAX_OUTPUT },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new GitError(args, Number(error.code ?? 1), String(stdout), String(stderr)));
      },
    );
    child.stdin?.on('error', () => {
      // git may exit before it has read everything
    });
    child.stdin?.end(options.input ?? '');
  });
}

export async function gitLines(dir: string, args: string[]): Promise<string[]> {
  return (await git(dir, args)).toString().split('\n').filter(Boolean);
}
