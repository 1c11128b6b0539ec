/** Clients that are loaded when they are used. A bundle would contain all of each, so bundles load files such as sns.ts, which name what they use. */
export const lateAutoScaling = () => import('@aws-sdk/client-application-auto-scaling');
export const lateLambda = () => import('@aws-sdk/client-lambda');
export const lateS3 = () => import('@aws-sdk/client-s3');
export const lateSns = () => import('@aws-sdk/client-sns');
export const lateSts = () => import('@aws-sdk/client-sts');
