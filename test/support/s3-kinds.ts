import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { startEmbeddedAws } from '../../src/embedded/index.ts';

export interface RealS3 {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** S3 by two implementations, each with a bucket. s3rver has no versions. */
export const s3Kinds: Readonly<Record<string, (bucket: string) => Promise<RealS3>>> = {
  'the embedded S3': async (bucket) => {
    const aws = await startEmbeddedAws();
    aws.createBucket(bucket);
    return aws;
  },
  s3rver: async (bucket) => {
    const directory = mkdtempSync(join(tmpdir(), 'turntable-s3rver-'));
    const server = new S3rver({
      port: 0,
      address: '127.0.0.1',
      silent: true,
      directory,
      configureBuckets: [{ name: bucket, configs: [] }],
    });
    const { port } = await server.run();
    return {
      endpoint: `http://127.0.0.1:${port}`,
      close: async () => {
        await server.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
};
