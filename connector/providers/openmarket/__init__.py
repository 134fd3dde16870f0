"""OpenMarket Global SMS API v4 (https://www.openmarket.com/docs/Content/apis/v4http/)."""
