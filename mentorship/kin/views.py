from flask import Blueprint

bp = Blueprint("kin", __name__)
