/**
 * Settings of every git call. They come from the environment, which outranks every file, so nothing
 * a repository or an agent leaves behind can name a program for git to run.
 */
export const HARDENED_CONFIG: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  ['core.sshCommand', 'false'],
  ['core.askPass', 'false'],
  ['credential.helper', ''],
  ['core.protectHFS', 'true'],
  ['core.protectNTFS', 'true'],
  ['core.symlinks', 'true'],
  ['core.autocrlf', 'false'],
  // Paths are then ASCII and keep their bytes, whatever encoding they are in.
  ['core.quotePath', 'true'],
  ['core.untrackedCache', 'false'],
  ['core.filesRefLockTimeout', '2000'],
  ['core.packedRefsTimeout', '5000'],
  ['commit.gpgSign', 'false'],
  ['push.gpgSign', 'false'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['diff.ignoreSubmodules', 'all'],
  // A pack appears whole or not at all; loose objects of a killed fetch would not.
  ['fetch.unpackLimit', '1'],
  ['fetch.writeCommitGraph', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['protocol.version', '2'],
  // A redirect could carry the token to another host.
  ['http.followRedirects', 'false'],
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '60'],
];
