"""All tables, for Alembic: imports every models.py."""

from app.accounts import models as accounts
from app.bucket import models as bucket
from app.consultations import act_models as acts
from app.consultations import document_models as documents
from app.consultations import models as consultations
from app.consultations import notice_models as notices
from app.contributions import attachment_models as attachments
from app.contributions import models as contributions
from app.contributions import screening_models as screening
from app.contributions import translation_models as translations
from app.database import Base
from app.endorsements import models as endorsements
from app.mailed import models as mailed
from app.meetings import models as meetings
from app.meetings import planned_models as planned_meetings
from app.moderation import models as moderation
from app.notifications import models as notifications
from app.notifications.following import models as following
from app.notifications.webhooks import models as webhooks
from app.outreach import addressee_models as addressees
from app.outreach import models as outreach
from app.record import models as record
from app.synthesis import coding_models as coding
from app.synthesis import models as synthesis
from app.synthesis import position_models as positions
from app.synthesis import report_models as reports
from app.synthesis import sending_models as sendings
from app.synthesis import summary_models as summaries
from app.synthesis.exchange import models as held_files

metadata = Base.metadata

__all__ = [
    "accounts", "acts", "addressees", "attachments", "bucket", "coding", "consultations", "contributions", "documents",
    "endorsements", "following", "held_files", "mailed", "meetings", "metadata", "moderation", "notices",
    "notifications", "outreach", "planned_meetings", "positions", "record", "reports", "screening", "sendings",
    "summaries", "synthesis", "translations", "webhooks",
]  # fmt: skip
