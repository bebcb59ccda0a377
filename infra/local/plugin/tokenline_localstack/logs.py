"""Metric filters of CloudWatch Logs that count what they are made for.

The stock provider takes every line of every log group for a match of every filter and puts a metric
for each: alarms go off for nothing, and with some filters a line takes LocalStack seconds.
"""

import json
import re

from localstack.runtime import hooks

# The one kind of pattern that is told apart; any other one matches every line, as in the stock provider.
FIELD_IS = re.compile(r'^\{\s*\$\.(\w+)\s*=\s*"([^"]*)"\s*\}$')


def matches(pattern, message):
    """Whether a line is counted, e.g. by `{ $.code = "misconfigured" }`."""
    wanted = FIELD_IS.match(pattern.strip())
    if not wanted:
        return True
    try:
        line = json.loads(message)
    except ValueError:
        return False
    return isinstance(line, dict) and line.get(wanted[1]) == wanted[2]


@hooks.on_infra_start()
def count_by_group_and_pattern():
    """Replaces the provider's method before the provider is made."""
    from localstack.services.logs import provider

    def put_log_events(
        self, context, log_group_name, log_stream_name, log_events, sequence_token=None, **kwargs
    ):
        backend = provider.get_moto_logs_backend(context.account_id, context.region)
        for metric_filter in backend.filters.metric_filters:
            if metric_filter["logGroupName"] != log_group_name:
                continue
            pattern = metric_filter.get("filterPattern") or ""
            for event in log_events:
                if matches(pattern, event["message"]):
                    _count(context, metric_filter["metricTransformations"])
        return provider.call_moto(context)

    def _count(context, transformations):
        cloudwatch = provider.connect_to(
            aws_access_key_id=context.account_id, region_name=context.region
        ).cloudwatch
        for transformation in transformations:
            cloudwatch.put_metric_data(
                Namespace=transformation["metricNamespace"],
                MetricData=[
                    {
                        "MetricName": transformation["metricName"],
                        "Value": float(transformation.get("metricValue") or 1),
                    }
                ],
            )

    provider.LogsProvider.put_log_events = put_log_events
