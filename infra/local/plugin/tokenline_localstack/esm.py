"""Makes LocalStack's SQS event source mapping behave like AWS where the stock poller does not.

* record bodies arrive as they were sent (stock: parsed and written again, so md5OfBody is wrong);
* several pollers per mapping: ScalingConfig.MaximumConcurrency, else TOKENLINE_ESM_POLLERS (2)
  (stock: one, batches strictly one after another); FIFO queues keep one;
* without a batching window the poll is a long poll (stock: short ones, up to 10 s apart).
"""

import logging
import os
import threading

from localstack.runtime import hooks

LOG = logging.getLogger(__name__)
WAIT_SECONDS = 5
_bodies = threading.local()


@hooks.on_infra_start()
def patch_esm():
    """Replaces the parts of the stock poller before the first mapping is made."""
    from localstack.services.lambda_.event_source_mapping.esm_worker import EsmWorker
    from localstack.services.lambda_.event_source_mapping.pollers import poller, sqs_poller

    SqsPoller = sqs_poller.SqsPoller
    handle, enrich, poll, start = (
        SqsPoller.handle_messages,
        SqsPoller.add_source_metadata,
        SqsPoller.poll_events,
        EsmWorker.start,
    )

    def handle_messages(self, messages):
        _bodies.by_id = {m["MessageId"]: m.get("Body") for m in messages}
        return handle(self, messages)

    def add_source_metadata(self, events):
        for event in events:
            body = _bodies.by_id.get(event["messageId"])
            event["body"] = event["body"] if body is None else body
        return enrich(self, events)

    def poll_events(self):
        if self.maximum_batching_window:
            return poll(self)
        response = self.source_client.receive_message(
            QueueUrl=self.queue_url,
            MaxNumberOfMessages=min(self.batch_size, 10),
            WaitTimeSeconds=WAIT_SECONDS,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        )
        messages = response.get("Messages", [])
        if not messages:
            raise poller.EmptyPollResultsException(service="sqs", source_arn=self.source_arn)
        groups = [messages]
        if self.is_fifo_queue:
            groups = sqs_poller.split_by_message_group_id(messages).values()
        for group in groups:
            try:
                self.handle_messages(group)
            except Exception as e:
                LOG.warning("Polling or batch processing failed: %s", e)

    def extra_poller(self, stop):
        while not stop.is_set() and self.enabled:
            try:
                self.poller.poll_events()
            except poller.EmptyPollResultsException:
                pass
            except Exception as e:
                LOG.debug("Extra poller: %s", e)
                stop.wait(2)

    def start_all(self):
        start(self)
        if not isinstance(self.poller, SqsPoller) or self.poller.queue_url.endswith(".fifo"):
            return
        wanted = (self.esm_config.get("ScalingConfig") or {}).get("MaximumConcurrency")
        count = int(wanted or os.environ.get("TOKENLINE_ESM_POLLERS") or 2)
        for i in range(1, count):
            threading.Thread(
                target=extra_poller,
                args=(self, self._shutdown_event),
                name=f"esm-{self.uuid}-{i}",
                daemon=True,
            ).start()

    SqsPoller.handle_messages = handle_messages
    SqsPoller.add_source_metadata = add_source_metadata
    SqsPoller.poll_events = poll_events
    EsmWorker.start = start_all
