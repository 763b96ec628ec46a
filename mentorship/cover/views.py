from flask import Blueprint

bp = Blueprint("cover", __name__)
