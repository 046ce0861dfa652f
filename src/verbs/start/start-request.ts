import type { StartCommand } from '../../commands/command.ts';
import type { CommandRequest } from '../request.ts';

export type StartRequest = CommandRequest & { readonly command: StartCommand };
