import { resolver, seenBy, visitorsOf, visits, visitsByPage } from './visits.ts';

const HOUR_MS = 3_600_000;
const now = Date.now();
const yesterday = now - 24 * HOUR_MS;

await visits.put({ Visitor: 'ada', At: now, Page: '/prices' });
await visits.put({ Visitor: 'ada', At: yesterday, Page: '/' });
await visits.batchWrite([
  { put: { Visitor: 'bob', At: now - 1, Page: '/' } },
  { put: { Visitor: 'bob', At: yesterday - 1, Page: '/prices' } },
  { delete: { Visitor: 'eve', At: yesterday } },
]);

console.log('Table for now:', resolver.current('Visits', now));
console.log('Table for yesterday:', resolver.tableFor('Visits', yesterday));

for await (const { Page } of seenBy('ada', now - 48 * HOUR_MS, now + 1)) console.log('ada saw', Page);

const first = await visits.get({ Visitor: 'ada', At: yesterday });
console.log('ada saw yesterday', first?.Page);
console.log('Visits by page:', Object.fromEntries([...(await visitsByPage(now - 48 * HOUR_MS))].sort()));

const visitors = new Set<string | undefined>();
for await (const { Visitor } of visitorsOf('/prices', yesterday - HOUR_MS)) visitors.add(Visitor);
console.log('visitors of /prices:', [...visitors].sort().join(', '));
