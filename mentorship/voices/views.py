from flask import Blueprint

from mentorship.voices.models import VoiceAnswer, VoiceLink

__all__ = ["VoiceAnswer", "VoiceLink", "bp"]

bp = Blueprint("voices", __name__)
