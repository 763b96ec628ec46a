from flask import Blueprint

bp = Blueprint("moves", __name__)
