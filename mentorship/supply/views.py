from flask import Blueprint

bp = Blueprint("supply", __name__)
