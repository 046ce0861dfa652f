import { connect, createServer } from 'node:net';

// Runs inside the sandbox if socat is missing: carries TCP connections to the gateway's socket file.
const [port, socketPath] = process.argv.slice(2);
if (port === undefined || socketPath === undefined) process.exit(2);

createServer({ allowHalfOpen: true }, (client) => {
  const gateway = connect({ path: socketPath, allowHalfOpen: true });
  client.on('error', () => gateway.destroy());
  gateway.on('error', () => client.destroy());
  client.pipe(gateway).pipe(client);
}).listen(Number(port), '127.0.0.1');
