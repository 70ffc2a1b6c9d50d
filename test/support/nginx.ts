import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDebianPackage } from '../setup/debianPackage.ts';
import { OwnedProcess } from '../setup/ownedProcess.ts';

export interface NginxOptions {
  /** An existing empty folder. */
  readonly folder: string;
  /** The address to listen on. */
  readonly ip: string;
  readonly port: number;
  /** The content of the `server` block. */
  readonly server: string;
}

/**
 * Starts a real nginx.
 * @returns a function that stops it
 */
export async function startNginx(options: NginxOptions): Promise<() => Promise<void>> {
  const { folder, ip, port, server } = options;
  const nginx = await ensureDebianPackage('nginx-light', 'nginx');
  for (const name of ['body', 'proxy', 'logs']) mkdirSync(join(folder, name));
  const root = process.getuid?.() === 0 ? 'user root;' : '';
  writeFileSync(
    join(folder, 'nginx.conf'),
    `${root}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/logs/error.log;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server { listen ${ip}:${port}; ${server} }
}
`,
  );
  const owned = await OwnedProcess.start(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    logFile: join(folder, 'logs', 'nginx.log'),
  });
  while (!(await listens(ip, port))) {
    if (!owned.running) throw new Error('nginx has ended');
    await sleep(20);
  }
  return () => owned.end('SIGTERM');
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
