"""What happened in a workspace, and who is told of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from accounts.models.people import User, Workspace


class Event(models.Model):
    """Something that happened, written down in the transaction in which it did.

    Whoever tells others of it (the inbox, mails, later webhooks) reads it from here. `subject` and
    `subject_id` name the row it is about, `concerns` whose work that is, `actor` who did it (None:
    PinApp by itself). `payload` is what was so at that moment: name, place (a list of words),
    planned_at (ISO 8601), problem, remedy; all may be missing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=40)
    concerns = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    actor = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    # When the people it is meant for got it into their inboxes.
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at", "id"], condition=Q(told_at=None), name="events_to_tell"
            ),
            models.Index(fields=["workspace", "created_at"], name="events_of_workspace"),
            models.Index(fields=["created_at"], name="events_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}={self.subject_id}"


class Notification(models.Model):
    """One entry of a person's inbox: what is alike and near in time is one entry."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    count = models.PositiveIntegerField(help_text="events in it")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=1), name="notification_tells_something")
        ]
        indexes = [
            models.Index(
                fields=["user", "workspace"], condition=Q(read_at=None), name="notifications_unread"
            ),
            models.Index(fields=["user", "workspace", "-last_at"], name="notifications_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.kind} for {self.user}"


class MailState(models.TextChoices):
    """What became of one event's place in a person's mail.

    HANDED is written before the mail server is asked: a worker that dies in between costs a mail,
    and nobody is told twice. The inbox has it in any case.
    """

    NONE = "none", "Not mailed"
    WAITING = "waiting", "Waits for the next mail"
    HANDED = "handed", "Handed to the mail server"


class NotificationItem(models.Model):
    """One event in an entry of a person's inbox; a person is told of an event once."""

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="items")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    mail = models.CharField(max_length=8, choices=MailState.choices)
    handed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="told_of_an_event_once"),
            models.CheckConstraint(
                condition=Q(mail=MailState.HANDED, handed_at__isnull=False)
                | ~Q(mail=MailState.HANDED) & Q(handed_at=None),
                name="handed_mail_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["notification"], condition=Q(mail=MailState.WAITING), name="items_to_mail"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} for {self.user}"


class NotificationWish(models.Model):
    """Whether a person wants mails about one kind of event; without a row, what is usual."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    by_mail = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "workspace", "kind"], name="one_wish_for_each_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} by mail: {self.by_mail}"


class Mailing(models.Model):
    """The mails of one workspace to one person: whether they are wanted, when the next is due."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    wanted = models.BooleanField(default=True)
    due_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="in vain, one after another")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "workspace"], name="one_mailing_each")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="mailings_due")
        ]

    def __str__(self) -> str:
        return f"Mails of {self.workspace} to {self.user}"
