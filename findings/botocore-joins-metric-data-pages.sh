#!/usr/bin/env bash
# botocore 1.43.107, on which the AWS CLI is built: pages of get_metric_data become several results with the same Id.
#
# A metric with more datapoints than a page is split. `build_full_result`, which the AWS CLI prints, appends the results of each
# page to one list, and does not join those of one Id. The first parts keep the StatusCode PartialData, although nothing is
# missing. A program that looks a metric up by its Id gets the first part only.
#
# Seen 2026-11-29 on Python 3.11:
#   m1 [1.0] PartialData
#   m1 [2.0] Complete
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check botocore==1.43.107
cat >probe.py <<'PY'
import datetime
import botocore.session
from botocore.stub import Stubber

client = botocore.session.get_session().create_client(
    'cloudwatch', region_name='eu-west-1', aws_access_key_id='x', aws_secret_access_key='x')
at = datetime.datetime(2026, 11, 21, tzinfo=datetime.timezone.utc)


def page(value, status):
    return {'Id': 'm1', 'Label': 'Consumed', 'Timestamps': [at], 'Values': [value], 'StatusCode': status}


with Stubber(client) as stub:
    stub.add_response('get_metric_data', {'MetricDataResults': [page(1.0, 'PartialData')], 'NextToken': 'next'})
    stub.add_response('get_metric_data', {'MetricDataResults': [page(2.0, 'Complete')]})
    pages = client.get_paginator('get_metric_data').paginate(MetricDataQueries=[], StartTime=at, EndTime=at)
    for result in pages.build_full_result()['MetricDataResults']:
        print(result['Id'], result['Values'], result['StatusCode'])
PY
env/bin/python probe.py | tee seen.txt
diff seen.txt - <<'TXT'
m1 [1.0] PartialData
m1 [2.0] Complete
TXT
