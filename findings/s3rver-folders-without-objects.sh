#!/usr/bin/env bash
# s3rver 3.7.1: a listing with a delimiter leaves out every prefix that contains only further prefixes.
#
# S3 rolls up all keys that share a prefix up to the delimiter into one of CommonPrefixes
# (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html), however deep the objects are. s3rver lists only those
# prefixes that have an object directly below them: with a/b/c.txt and d/e.txt, "a/" is missing at the top, but "a/b/" is there below
# "a/". A program that finds objects by walking down the prefixes never gets to a/b/c.txt.
#
# Seen 2026-11-30 with s3rver 3.7.1 and @aws-sdk/client-s3 3.1162.0 on Node 20:
#   prefix ""     common prefixes d/
#   prefix "a/"   common prefixes a/b/
#   all keys      a/b/c.txt d/e.txt
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund s3rver@3.7.1 @aws-sdk/client-s3@3.1162.0
cat >probe.mjs <<'JS'
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import S3rver from 's3rver';

const directory = mkdtempSync(join(tmpdir(), 'objects-'));
const server = new S3rver({ port: 0, silent: true, directory, configureBuckets: [{ name: 'bucket' }] });
const { port } = await server.run();
const s3 = new S3Client({
  endpoint: `http://127.0.0.1:${port}`,
  region: 'us-east-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
});
const Bucket = 'bucket';
for (const Key of ['a/b/c.txt', 'd/e.txt']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
for (const Prefix of ['', 'a/']) {
  const { CommonPrefixes = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix, Delimiter: '/' }));
  console.log(`prefix ${JSON.stringify(Prefix)}`.padEnd(13), 'common prefixes', CommonPrefixes.map((one) => one.Prefix).join(' '));
}
const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }));
console.log('all keys'.padEnd(13), Contents.map(({ Key }) => Key).join(' '));
await server.close();
JS
node --no-warnings probe.mjs | tee seen.txt
diff seen.txt - <<'TXT'
prefix ""     common prefixes d/
prefix "a/"   common prefixes a/b/
all keys      a/b/c.txt d/e.txt
TXT
