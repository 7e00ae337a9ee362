// SPDX-License-Identifier: Apache-2.0
// The pattern's consumer as people deploy it: a Lambda behind an API Gateway that verifies the
// webhook's signature, processes the message and publishes the result on another topic.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { TopicPublish } from '@gomomento/sdk';

function is_genuine(event, secret) {
  const given = event.headers['momento-signature'] ?? event.headers['Momento-Signature'] ?? '';
  const expected = createHmac('sha3-256', secret).update(event.body).digest('hex');
  return given.length === expected.length &&
    timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

export function make_handler({ client, secret, topic, process }) {
  return async (event) => {
    if (event.httpMethod !== 'POST') return { statusCode: 405 };
    if (!is_genuine(event, secret)) return { statusCode: 403, body: 'invalid signature' };
    const message = JSON.parse(event.body);
    const published = await client.publish(message.cache, topic, process(message.text));
    if (!(published instanceof TopicPublish.Success)) throw new Error(published.toString());
    return { statusCode: 200, body: JSON.stringify({ status: 'success' }) };
  };
}
