// SPDX-License-Identifier: Apache-2.0
// A certificate authority that this process's SDK trusts, and a server's certificate from it for
// the names that the SDK derives from the endpoint "localhost". Import it before the SDK, which
// reads its trusted authorities when it is loaded.

import { execFileSync } from 'node:child_process';
import dns from 'node:dns';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directory = mkdtempSync(join(tmpdir(), 'topicloop-tls-'));
process.on('exit', () => rmSync(directory, { recursive: true }));
const path = (name) => join(directory, name);

function make(name, ...args) {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const files = ['-keyout', path(`${name}.key`), '-out', path(`${name}.pem`)];
  const command = ['req', '-x509', ...key, ...files, '-days', '2', '-subj', `/CN=${name}`];
  execFileSync('openssl', [...command, ...args], { stdio: 'pipe' });
}

const names = ['localhost', 'cache.localhost', 'control.localhost', 'token.localhost'];
const alternatives = names.map((name) => `DNS:${name}`).join(',');
make('authority');
make('server', '-CA', path('authority.pem'), '-CAkey', path('authority.key'), '-addext',
  `subjectAltName=${alternatives}`);

process.env.GRPC_DEFAULT_SSL_ROOTS_FILE_PATH = path('authority.pem');
export const authority = path('authority.pem');
export const server_flags = ['--tls-cert', path('server.pem'), '--tls-key', path('server.key')];

// Not every system resolves names below localhost, as RFC 6761 has it.
const lookup = dns.promises.lookup;
dns.promises.lookup = (name, options) =>
  names.includes(name) ? [{ address: '127.0.0.1', family: 4 }] : lookup(name, options);
