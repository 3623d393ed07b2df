"""What mail servers and their users report about mail of ours: the one place that tells notifications."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.inbound.mail import Automatic, Mail
from app.mailed.settling import Outcome, dropped
from app.notifications import bouncing
from app.notifications.mailboxes import Bounce


async def note(session: AsyncSession, mail: Mail, box: Bounce) -> Outcome:
    """Note what came back; a mail that is no report, and the news of a delay, says nothing. Nobody is answered."""
    if mail.automatic is Automatic.FEEDBACK:
        await bouncing.delivery_failed(session, box.delivery, "complaint", permanent=True)
        return Outcome("done", "complaint", answered=False)
    failed = [each for each in mail.delivery_status if each.startswith("5.") and not bouncing.is_about_us(each)]
    if not failed:
        return dropped("no_bounce")
    final = any(bouncing.is_gone(each) for each in failed)
    await bouncing.delivery_failed(session, box.delivery, "bounce", permanent=final)
    return Outcome("done", "bounce", answered=False)
