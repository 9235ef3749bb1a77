"""The pages of pictures: those of a product, and of what is broken on a thing."""

from flask import request
from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.pictures import picture_response
from refurb.lending.blueprint import blueprint
from refurb.lending.debts.queries import damage_of
from refurb.lending.items.actions import MOST_PICTURES, add_picture, note_damage, remove_picture
from refurb.lending.items.queries import item_by_code, product_by_id
from refurb.lending.items.schemas import DamageTold, NewPicture

P = Permission


@blueprint.route("/materiel/produits/<int:number>/images", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def product_pictures(actor: Actor, number: int) -> Response:
    """The pictures of a product: drawn anew, each with words for whoever does not see it."""
    product = product_by_id(number)
    form = Form(NewPicture)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            add_picture(actor, product, **form.load())
            return go("lending.product_pictures", done=_("Image ajoutée."), number=product.id)
        product = product_by_id(number)
    return page("lending/items/pictures.html", form=form, product=product, most=MOST_PICTURES)


@blueprint.post("/materiel/produits/<int:number>/images/<int:picture>/retirer")
@requires(P.ITEM_WRITE)
def remove_product_picture(actor: Actor, number: int, picture: int) -> Response:
    """Take a picture of a product away."""
    product = product_by_id(number)
    with unit_of_work():
        remove_picture(actor, product, picture)
        return go("lending.product_pictures", done=_("Image retirée."), number=number)


@blueprint.get("/materiel/produits/<int:number>/images/<photo>.jpg")
@public
def product_picture(number: int, photo: str) -> Response:
    """A picture of a product, as everybody may see it."""
    if photo not in {each.photo for each in product_by_id(number).pictures}:
        raise NotFound
    return picture_response(photo)


@blueprint.route("/materiel/<code>/degat", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def new_damage(actor: Actor, code: str) -> Response:
    """Say what is broken on a thing, with a picture."""
    found = item_by_code(actor, code)
    form = Form(DamageTold, choices={"component": [(part.name, part.name) for part in found.components]})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            note_damage(actor, found, **form.load())
            return go("lending.item", done=_("Le dégât est noté."), code=found.code)
        found = item_by_code(actor, code)
    return page("lending/items/damage.html", form=form, item=found)


@blueprint.get("/materiel/<code>/degats/<int:number>.jpg")
@requires(P.LOAN_READ)
def damage_photo(actor: Actor, code: str, number: int) -> Response:
    """The picture of something that is broken, or was."""
    found = damage_of(item_by_code(actor, code), number)
    if found.photo is None:
        raise NotFound
    return picture_response(found.photo)
